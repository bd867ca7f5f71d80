import type { Catalogue } from '../catalogue.ts';
import { polishProblems } from './polish-problems.ts';
import { polishConsent } from './polish-consent.ts';
import { polishConnection } from './polish-connection.ts';
import { polishProviders } from './polish-providers.ts';

export const polish: Catalogue = {
  statuses: {
    starting: 'Rozpoczynanie',
    queued: 'W kolejce',
    syncing: 'Synchronizowanie',
    synced: 'Zsynchronizowano',
    throttled: 'Ograniczono tempo',
    'needs-attention': 'Wymaga uwagi',
    'waiting-for-user': 'Oczekiwanie na użytkownika',
    stopping: 'Zatrzymywanie',
    stopped: 'Zatrzymano',
    failed: 'Niepowodzenie',
    closed: 'Zamknięto',
  },
  failures: {
    'host-not-found': {
      summary: 'Serwer o tej nazwie nie istnieje.',
      remedy: 'Sprawdź pisownię nazwy serwera lub wybierz dostawcę z listy.',
    },
    'connection-refused': {
      summary: 'Serwer odrzucił połączenie.',
      remedy: 'Sprawdź port (993 dla TLS, 143 dla STARTTLS) i czy na serwerze włączono IMAP.',
    },
    'connection-timeout': {
      summary: 'Serwer nie odpowiedział na czas.',
      remedy: 'Sprawdź nazwę i port serwera oraz czy jego zapora wpuszcza tę usługę.',
    },
    'tls-untrusted': {
      summary: 'Certyfikatowi serwera nie można zaufać.',
      remedy: 'Użyj nazwy serwera, dla której wydano certyfikat, lub dodaj certyfikat jego urzędu.',
    },
    'tls-unavailable': {
      summary: 'Serwer nie oferuje szyfrowania na tym porcie.',
      remedy: 'Wybierz TLS na porcie 993 lub poproś dostawcę o włączenie STARTTLS.',
    },
    'greeting-invalid': {
      summary: 'To, co odpowiedziało, nie jest serwerem IMAP.',
      remedy: 'Sprawdź port i zabezpieczenia: TLS to zwykle port 993, STARTTLS port 143.',
    },
    'connection-closed': {
      summary: 'Serwer zamknął połączenie.',
      remedy: 'Próba zostanie ponowiona samoczynnie. Jeśli problem trwa, zapytaj dostawcę o limity połączeń.',
    },
    'authentication-failed': {
      summary: 'Serwer nie przyjął nazwy użytkownika lub hasła.',
      remedy: 'Popraw je; wielu dostawców wymaga hasła aplikacji i włączenia IMAP na koncie.',
    },
    'credential-missing': {
      summary: 'Hasło do tej skrzynki nie jest znane.',
      remedy: 'Wprowadź hasło lub hasło aplikacji albo wyślij użytkownikowi łącze, aby je podał.',
    },
    'sign-in-name-invalid': {
      summary: 'Nie można utworzyć nazwy użytkownika, którą loguje się administrator.',
      remedy:
        'Sprawdź postać nazwy użytkownika w ustawieniach logowania i czy użytkownik ma wszystkie jej części.',
    },
    'user-root-missing': {
      summary: 'W źródle nie ma folderu, od którego zaczyna się skrzynka.',
      remedy: 'Sprawdź UserRoot użytkownika i czy konto może zobaczyć ten folder.',
    },
    'token-refused': {
      summary: 'Serwer poczty nie przyjął tokenu OAuth 2.0.',
      remedy:
        'Sprawdź, czy nazwa użytkownika to skrzynka tego konta i czy aplikacja może ją otworzyć przez IMAP.',
    },
    'token-unavailable': {
      summary: 'Usługa logowania nie wydała tokenu OAuth 2.0.',
      remedy: 'Próba zostanie ponowiona samoczynnie. Jeśli problem trwa, sprawdź adres wydawania tokenów.',
    },
    'consent-missing': {
      summary: 'Zgoda na otwarcie tej skrzynki została wycofana, wygasła lub nie została udzielona.',
      remedy: 'Udziel zgody ponownie dla tej skrzynki; praca ruszy tam, gdzie się zakończyła.',
    },
    'admin-consent-missing': {
      summary: 'Żaden administrator nie pozwolił aplikacji otwierać skrzynek.',
      remedy:
        'Jako administrator wyraź zgodę na uprawnienia aplikacji (w Google: delegowanie w całej domenie).',
    },
    'oauth-client-refused': {
      summary: 'Usługa logowania nie przyjmuje aplikacji.',
      remedy: 'Sprawdź katalog, identyfikator klienta, zakresy oraz ważność sekretu lub klucza.',
    },
    'clock-skew': {
      summary: 'Zegar tego komputera i zegar usługi logowania zbyt się różnią.',
      remedy: 'Ustaw zegar tego komputera, na przykład przez NTP, i uruchom skrzynkę ponownie.',
    },
    'permission-denied': {
      summary: 'Konto, które się zalogowało, nie może otworzyć tej skrzynki lub folderu.',
      remedy: 'Nadaj kontu administratora pełny dostęp do skrzynki, a następnie uruchom ją ponownie.',
    },
    'over-quota': {
      summary: 'Skrzynka docelowa jest pełna.',
      remedy:
        'Zwiększ jej limit lub zwolnij miejsce i uruchom ponownie; praca ruszy tam, gdzie się skończyła.',
    },
    'folder-refused': {
      summary: 'Serwer docelowy odmówił utworzenia lub otwarcia folderu.',
      remedy:
        'Jego nazwę pokazują zdarzenia skrzynki. Utwórz go ręcznie lub zmień nazwę w źródle i uruchom ponownie.',
    },
    throttled: {
      summary: 'Serwer poprosił o zwolnienie tempa.',
      remedy: 'Nic nie trzeba robić: praca wznowi się sama o podanej godzinie.',
    },
    'daily-volume': {
      summary: 'Konto przesłało już tyle poczty, na ile dostawca pozwala w ciągu doby.',
      remedy: 'Nic nie trzeba robić: praca wznowi się sama o podanej godzinie.',
    },
    'server-error': {
      summary: 'Serwer zgłosił problem wewnętrzny.',
      remedy: 'Próba zostanie ponowiona samoczynnie. Jeśli problem trwa, pokaż dostawcy zdarzenia skrzynki.',
    },
    'protocol-error': {
      summary: 'Serwer wysłał coś, co nie jest poprawnym IMAP.',
      remedy: 'Uruchom skrzynkę ponownie. Jeśli problem trwa, zgłoś serwer wraz ze zdarzeniami skrzynki.',
    },
    'command-timeout': {
      summary: 'Serwer przestał odpowiadać.',
      remedy: 'Próba zostanie ponowiona samoczynnie. Jeśli problem trwa, użyj mniejszej liczby połączeń.',
    },
    'address-forbidden': {
      summary: 'Nazwa serwera prowadzi do adresu w sieci prywatnej, co jest niedozwolone.',
      remedy: 'Użyj publicznej nazwy serwera; operator może dopuścić adresy prywatne we własnej instalacji.',
    },
    'ledger-mismatch': {
      summary: 'Zapis tego, co skopiowano, nie zgadza się z tym, co pokazują serwery.',
      remedy: 'Uruchom skrzynkę ponownie: obie strony zostaną porównane od nowa. Niczego nie usunięto.',
    },
    'ledger-double-claim': {
      summary: 'Dwie wiadomości ze źródła są zapisane jako jedna wiadomość w miejscu docelowym.',
      remedy:
        'Jednej z nich może tam brakować: porównaj folder podany w zdarzeniach. Nowa migracja tej skrzynki rozpozna to, co już jest, i skopiuje tylko to, czego brakuje.',
    },
    'dead-letter': {
      summary: 'Praca nad skrzynką nie powiodła się kilka razy z rzędu.',
      remedy: 'Przyczynę pokazują zdarzenia skrzynki; usuń ją i uruchom skrzynkę ponownie.',
    },
    internal: {
      summary: 'Coś poszło nie tak w samym Mailhaul.',
      remedy: 'Uruchom skrzynkę ponownie. Jeśli problem trwa, podaj operatorowi pokazany czas.',
    },
  },
  items: {
    vanished: {
      summary: 'Wiadomość usunięto lub przeniesiono w źródle, zanim można ją było skopiować.',
      remedy: 'Nic nie trzeba robić; jeśli ją przeniesiono, zostanie skopiowana z nowym folderem.',
    },
    'too-big': {
      summary: 'Wiadomość jest większa, niż przyjmuje serwer docelowy.',
      remedy: 'Zwiększ limit rozmiaru wiadomości na serwerze docelowym i ponów lub przenieś ją ręcznie.',
    },
    refused: {
      summary: 'Serwer docelowy odrzucił wiadomość.',
      remedy: 'Odpowiedź serwera jest pokazana obok; usuń przyczynę i ponów.',
    },
    'line-too-long': {
      summary: 'Wiadomość ma wiersz dłuższy, niż przyjmuje serwer docelowy.',
      remedy: 'Prześlij ją dalej jako załącznik ze starej skrzynki.',
    },
    'bad-flag': {
      summary: 'Serwer docelowy odrzucił wiadomość z powodu jednej z jej flag.',
      remedy: 'Usuń nietypową flagę lub kategorię w źródle i ponów.',
    },
    'eight-bit-header': {
      summary: 'Nagłówek wiadomości zawiera surowe znaki 8-bitowe, które serwer docelowy odrzuca.',
      remedy: 'Prześlij ją dalej jako załącznik ze starej skrzynki.',
    },
    'nul-byte': {
      summary: 'Wiadomość zawiera bajt zerowy, który serwer docelowy odrzuca.',
      remedy: 'Prześlij ją dalej jako załącznik ze starej skrzynki.',
    },
    'over-quota': {
      summary: 'Skrzynka docelowa była pełna.',
      remedy: 'Zwiększ jej limit lub zwolnij miejsce, a następnie ponów.',
    },
    'source-unreadable': {
      summary: 'Serwer źródłowy nie mógł dostarczyć wiadomości.',
      remedy: 'Spróbuj otworzyć ją w starej skrzynce; jeśli tam się otwiera, ponów.',
    },
    'other-label': {
      summary: 'Ta sama wiadomość jest kopiowana z inną ze swoich etykiet.',
      remedy: 'Nic nie trzeba robić; jest w folderze tamtej etykiety.',
    },
    altered: {
      summary: 'Wiadomość skopiowano, ale serwer docelowy przechowuje ją w innej postaci.',
      remedy:
        'Nic nie trzeba robić; jej treść jest na miejscu. Jeśli liczy się każdy bajt, zachowaj oryginał jako plik.',
    },
    unknown: {
      summary: 'Wiadomości nie można było skopiować z nieznanego powodu.',
      remedy: 'Ponów; jeśli problem trwa, pokaż operatorowi odpowiedź serwera.',
    },
  },
  problems: polishProblems,
  providers: polishProviders,
  connection: polishConnection,
  consent: polishConsent,
};
