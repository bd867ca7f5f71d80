import type { ConsentTexts } from '../catalogue.ts';

export const polishConsent: ConsentTexts = {
  done: {
    title: 'Dziękujemy, to wszystko',
    text: 'Udzielono zgody dla konta {account}. Możesz zamknąć tę stronę.',
  },
  'link-unknown': {
    title: 'Ten link donikąd nie prowadzi',
    text: 'Sprawdź, czy adres jest kompletny, taki jak w wiadomości, albo poproś administratora o nowy link.',
  },
  'link-expired': {
    title: 'Ten link wygasł',
    text: 'Poproś administratora o nowy.',
  },
  'link-used': {
    title: 'Ten link został już użyty',
    text: 'Jeśli to Twoje działanie, nic więcej nie trzeba robić. Jeśli nie, powiadom administratora.',
  },
  'link-exhausted': {
    title: 'Ten link otwarto zbyt wiele razy',
    text: 'Poproś administratora o nowy.',
  },
  closed: {
    title: 'Zgoda nie jest już potrzebna',
    text: 'Przenoszenie tej skrzynki zakończono lub zmieniono i niczego nie zapisano. Jeśli uważasz, że to pomyłka, zapytaj administratora.',
  },
  'attempt-unknown': {
    title: 'Trwało to zbyt długo albo zrobiono to już wcześniej',
    text: 'Otwórz jeszcze raz otrzymany link i udziel zgody w ciągu pół godziny.',
  },
  'other-browser': {
    title: 'Powrót nastąpił w innej przeglądarce',
    text: 'Otwórz jeszcze raz otrzymany link, pozostań do końca w tej samej przeglądarce i zezwól w niej na pliki cookie.',
  },
  'wrong-account': {
    title: 'To było inne konto',
    text: 'Potrzebna jest zgoda dla {account}; dla wybranego konta niczego nie zapisano. Otwórz link ponownie i zaloguj się jako {account}; jeśli tak było, sprawdź, czy IMAP jest na nim włączony.',
  },
  denied: {
    title: 'Nie udzielono zgody',
    text: 'Niczego nie zapisano. Jeśli zmienisz zdanie, otwórz link ponownie i zaakceptuj prośbę.',
  },
  'admin-approval': {
    title: 'Najpierw musi to zatwierdzić Twoja organizacja',
    text: 'Powiedz administratorowi, że aplikację trzeba zatwierdzić dla organizacji u dostawcy poczty. Potem otwórz link ponownie.',
  },
  'scope-missing': {
    title: 'Pominięto jedno z uprawnień',
    text: 'Otwórz link ponownie i zaznacz uprawnienie do odczytu i zapisu poczty.',
  },
  'not-lasting': {
    title: 'Zgoda nie byłaby trwała',
    text: 'Dostawca nie wydał trwałego uprawnienia. Powiedz administratorowi, że aplikacji trzeba zezwolić na dostęp pod Twoją nieobecność.',
  },
  'client-refused': {
    title: 'Dostawca nie przyjmuje aplikacji',
    text: 'Powiedz administratorowi: aplikacja, jej sekret lub adres przekierowania nie są zarejestrowane tak, jak powinny.',
  },
  'service-failed': {
    title: 'Dostawca chwilowo nie może tego zrobić',
    text: 'Otwórz link ponownie za jakiś czas.',
  },
  'answer-unreadable': {
    title: 'Odpowiedzi dostawcy nie da się wykorzystać',
    text: 'Otwórz link ponownie. Jeśli to nie pomoże, powiedz administratorowi.',
  },
  'mailbox-unreachable': {
    title: 'Serwer poczty jest chwilowo niedostępny',
    text: 'Niczego nie zapisano, bo nie można było sprawdzić, czy konto jest właściwe. Otwórz link ponownie za jakiś czas.',
  },
  unavailable: {
    title: 'Usługa jest chwilowo niedostępna',
    text: 'Otwórz link ponownie za jakiś czas.',
  },
  internal: {
    title: 'Coś poszło nie tak po naszej stronie',
    text: 'To nie Twoja wina. Otwórz link ponownie; jeśli to nie pomoże, powiedz administratorowi.',
  },
};
