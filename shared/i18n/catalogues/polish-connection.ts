import type { ConnectionTexts } from '../catalogue.ts';

export const polishConnection: ConnectionTexts = {
  steps: {
    token: 'Uzyskanie tokenu',
    name: 'Wyszukanie nazwy serwera',
    tcp: 'Połączenie z portem',
    tls: 'Szyfrowanie i sprawdzenie certyfikatu',
    greeting: 'Powitanie serwera',
    login: 'Logowanie',
    capabilities: 'Możliwości serwera',
    namespace: 'Miejsce, w którym zaczynają się foldery',
    folders: 'Policzenie folderów',
    quota: 'Miejsce w skrzynce',
    create: 'Prawo do tworzenia folderów',
  },
  traits: {
    'changes-by-number': {
      present: 'Zmienione flagi są znajdowane od razu, bez przeglądania wszystkich wiadomości.',
      absent:
        'Zmienione flagi można znaleźć tylko przez przejrzenie flag wszystkich wiadomości, co dzieje się rzadziej.',
    },
    'counters-with-list': {
      present: 'O nowości we wszystkich folderach wystarczy zapytać raz.',
      absent: 'O nowości trzeba pytać osobno w każdym folderze; pytania są wysyłane razem.',
    },
    'folder-roles': {
      present: 'Serwer podaje, które foldery służą poczcie wysłanej, usuniętej, roboczej i niechcianej.',
      absent: 'Foldery poczty wysłanej, usuniętej, roboczej i niechcianej są rozpoznawane po nazwach.',
    },
    'messages-in-batches': {
      present: 'Jednym poleceniem zapisuje się wiele wiadomości: to najszybszy sposób.',
      absent: 'Wiadomości są zapisywane pojedynczo; kilka jest w drodze jednocześnie.',
    },
    'literals-unasked': {
      present: 'Wiadomości są wysyłane bez pytania przed każdą z nich.',
      absent: 'Serwer chce być pytany przed każdą wiadomością, więc tym więcej daje większa liczba połączeń.',
    },
    'uids-told': {
      present:
        'Serwer podaje, gdzie umieścił każdą wiadomość, więc do jednego folderu może pisać kilka połączeń.',
      absent: 'Serwer nie podaje, gdzie umieścił wiadomość, więc do każdej skrzynki pisze jedno połączenie.',
    },
  },
};
