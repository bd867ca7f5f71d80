import type { ProviderTexts } from '../catalogue.ts';

export const polishProviders: ProviderTexts = {
  instructions: {
    'google-two-step': 'Włącz weryfikację dwuetapową na koncie Google.',
    'google-app-password':
      'Utwórz hasło do aplikacji na stronie https://myaccount.google.com/apppasswords i używaj go zamiast hasła do konta.',
    'google-folder-limit':
      'W ustawieniach Gmaila, na karcie „Przekazywanie i POP/IMAP”, nie ograniczaj liczby wiadomości w folderze IMAP.',
    'workspace-imap-on':
      'Administrator włącza użytkownikom IMAP w konsoli administracyjnej: Aplikacje, Google Workspace, Gmail, Dostęp użytkowników.',
    'workspace-service-account':
      'Przy koncie usługi: przyznaj mu przekazywanie dostępu w całej domenie dla zakresu https://mail.google.com/.',
    'workspace-app-passwords':
      'Przy hasłach do aplikacji: każdy użytkownik włącza weryfikację dwuetapową, tworzy hasło do aplikacji i używa go zamiast hasła do konta.',
    'outlook-imap-on':
      'W ustawieniach Outlook.com, w części Poczta, Przesyłanie dalej i IMAP, zezwól urządzeniom i aplikacjom na używanie IMAP.',
    'outlook-consent': 'Udziel zgody kontem Microsoft. Outlook.com nie przyjmuje już hasła do konta.',
    'outlook-app-password':
      'Gdy zgoda nie jest możliwa: włącz weryfikację dwuetapową i utwórz hasło aplikacji; może ono zostać odrzucone.',
    'yahoo-app-password':
      'Na koncie Yahoo, w części Bezpieczeństwo, utwórz hasło aplikacji i używaj go zamiast hasła do konta.',
    'aol-app-password':
      'Na koncie AOL, w części Bezpieczeństwo, utwórz hasło aplikacji i używaj go zamiast hasła do konta.',
    'icloud-two-factor': 'Włącz uwierzytelnianie dwupoziomowe na koncie Apple.',
    'icloud-app-password':
      'Utwórz hasło aplikacji na stronie https://account.apple.com i używaj go zamiast hasła do konta.',
    'zoho-imap-on': 'W ustawieniach Zoho Mail, w części Konta pocztowe, włącz dostęp przez IMAP.',
    'zoho-app-password':
      'Przy uwierzytelnianiu dwuskładnikowym w Zoho: utwórz hasło do aplikacji i używaj go zamiast hasła do konta.',
    'zoho-region':
      'Organizacje z własną domeną używają serwera imappro.zoho.com; inne regiony mają własne serwery, na przykład imap.zoho.eu.',
    'fastmail-app-password':
      'W ustawieniach Fastmaila, w części Privacy & Security, utwórz hasło aplikacji z dostępem do poczty przez IMAP i używaj go zamiast hasła do konta.',
    'gmx-imap-on': 'W ustawieniach GMX Mail, w części POP3/IMAP, włącz dostęp przez POP3 i IMAP.',
    'gmx-app-password':
      'Przy uwierzytelnianiu dwuskładnikowym w GMX: utwórz hasło do aplikacji i używaj go zamiast hasła do konta.',
    'gmx-com-server': 'Konta w domenie gmx.com używają serwera imap.gmx.com.',
    'exchange-online-application':
      'Administrator rejestruje w Microsoft Entra aplikację z uprawnieniem IMAP.AccessAsApp i udziela jej zgody.',
    'exchange-online-service-principal':
      'W programie Exchange Online PowerShell zarejestruj jednostkę usługi tej aplikacji i nadaj jej pełny dostęp do każdej skrzynki.',
    'exchange-online-imap-on': 'IMAP musi być włączony dla skrzynek.',
    'exchange-server-imap-on':
      'Administrator uruchamia usługi „Microsoft Exchange IMAP4” i „IMAP4 Backend” i udostępnia je z zewnątrz.',
    'exchange-server-full-access':
      'Dla wszystkich skrzynek naraz: nadaj jednemu kontu pełny dostęp i użyj DOMENA/administrator/użytkownik jako nazwy użytkownika.',
    'dovecot-master-user':
      'Dla wszystkich skrzynek naraz: administrator zakłada użytkownika głównego (master user).',
    'dovecot-connections':
      'Gdy wiele skrzynek jest przenoszonych jednocześnie, zwiększ mail_max_userip_connections dla adresu, z którego łączy się Mailhaul.',
    'courier-connections':
      'Gdy wiele skrzynek jest przenoszonych jednocześnie, zwiększ MAXDAEMONS i MAXPERIP dla adresu, z którego łączy się Mailhaul.',
    'courier-user-root': 'Przy skrzynkach współdzielonych podaj folder początkowy w kolumnie UserRoot.',
    'mirapoint-administrator':
      'Dla wszystkich skrzynek naraz: administrator loguje się jako #user@domain#administrator#.',
    'cyrus-administrator':
      'Dla wszystkich skrzynek naraz: administrator wymieniony w proxyservers lub admins działa w imieniu użytkowników.',
    'ask-server-name': 'Zapytaj dostawcę o nazwę serwera IMAP, port i rodzaj zabezpieczeń.',
    'imap-on': 'Jeśli dostęp przez IMAP jest wyłączony, włącz go w ustawieniach skrzynki.',
    'app-password-if-two-factor':
      'Przy uwierzytelnianiu dwuskładnikowym zwykle potrzebne jest hasło aplikacji zamiast hasła do konta.',
  },
  notes: {
    'google-daily-volume':
      'Gmail wydaje przez IMAP około 2500 MB i przyjmuje około 500 MB dziennie. Większa skrzynka kopiuje się dalej następnego dnia, samoczynnie.',
    'google-labels':
      'Etykiety są folderami: wiadomość z kilkoma etykietami jest kopiowana raz, z pierwszą z nich, chyba że wybierzesz inaczej.',
    'google-deleted':
      'Gmail archiwizuje wiadomość oznaczoną jako usunięta, dlatego jako cel otrzymuje wiadomości bez tego oznaczenia.',
    'exchange-throttles':
      'Exchange Online spowalnia tych, którzy pracują szybko, i podaje, na jak długo. Mailhaul czeka i wznawia pracę samoczynnie.',
    'exchange-mail-only': 'Kalendarze, kontakty i zadania nie są pocztą i nie są przenoszone.',
    'exchange-keywords':
      'Exchange zachowuje tylko standardowe flagi, bez słów kluczowych programów pocztowych.',
    'yahoo-folder-limit':
      'Folder pokazuje tylko 10 000 najnowszych wiadomości. Pozostałe pokazuje serwer eksportu.',
    'few-connections':
      'Serwer dopuszcza niewiele jednoczesnych połączeń, dlatego duża skrzynka kopiuje się dłużej.',
    'cyrus-strict':
      'Wiadomości z bajtami zerowymi lub samymi znakami LF są tam odrzucane. Są wymienione wraz z przyczyną.',
  },
  refusals: {
    'google-app-password-needed': {
      summary: 'Google wymaga hasła do aplikacji zamiast hasła do konta.',
      remedy:
        'Utwórz je na stronie https://myaccount.google.com/apppasswords (weryfikacja dwuetapowa musi być włączona) i wpisz tutaj.',
    },
    'google-sign-in': {
      summary: 'Google nie przyjęło nazwy użytkownika lub hasła.',
      remedy:
        'Podaj pełny adres e-mail i hasło do aplikacji ze strony https://myaccount.google.com/apppasswords; hasło do konta nie jest przyjmowane.',
    },
    'google-web-sign-in': {
      summary: 'Google chce, aby użytkownik najpierw zalogował się w przeglądarce.',
      remedy:
        'Zaloguj się jako ten użytkownik na https://mail.google.com, potwierdź to, o co zapyta Google, i użyj tutaj hasła do aplikacji. Potem spróbuj ponownie.',
    },
    'google-imap-off': {
      summary: 'Na tym koncie Gmail dostęp przez IMAP jest wyłączony.',
      remedy:
        'W ustawieniach Gmaila, na karcie „Przekazywanie i POP/IMAP”, włącz IMAP. Potem spróbuj ponownie.',
    },
    'google-imap-off-for-domain': {
      summary: 'IMAP jest wyłączony dla wszystkich użytkowników tej domeny Google Workspace.',
      remedy:
        'Administrator włącza go w konsoli administracyjnej: Aplikacje, Google Workspace, Gmail, Dostęp użytkowników.',
    },
    'google-volume': {
      summary: 'Gmail przepuścił już tyle danych, na ile na razie pozwala.',
      remedy: 'Nic nie trzeba robić: praca wznowi się sama o podanej godzinie, najpóźniej następnego dnia.',
    },
    'exchange-online-sign-in': {
      summary: 'Exchange Online nie przyjął logowania.',
      remedy:
        'Przyjmuje tylko OAuth 2.0, bez haseł. Sprawdź zgodę dla aplikacji, jej pełny dostęp do tej skrzynki i to, czy IMAP jest dla niej włączony.',
    },
    'exchange-basic-off': {
      summary: 'Microsoft nie przyjmuje już haseł przez IMAP.',
      remedy: 'Wybierz OAuth 2.0 jako sposób logowania.',
    },
    'exchange-not-connected': {
      summary: 'Exchange przyjął logowanie, ale w tej chwili nie otwiera skrzynki.',
      remedy:
        'Zwykle powodem jest zbyt wiele logowań w krótkim czasie; praca wznowi się sama. Jeśli problem trwa, nadaj kontu pełny dostęp do tej skrzynki i sprawdź jej nazwę.',
    },
    'exchange-server-sign-in': {
      summary: 'Serwer Exchange nie przyjął nazwy użytkownika lub hasła.',
      remedy:
        'Spróbuj nazwy w postaci DOMENA\\użytkownik lub adresu e-mail i sprawdź, czy IMAP jest włączony dla skrzynki.',
    },
    'outlook-sign-in': {
      summary: 'Outlook.com nie przyjął logowania.',
      remedy:
        'Udziel zgody kontem Microsoft: hasła nie są już przyjmowane. IMAP musi być włączony w ustawieniach Outlook.com, w części Poczta, Przesyłanie dalej i IMAP.',
    },
    'microsoft-account-blocked': {
      summary: 'Microsoft zablokował konto, dopóki jego właściciel nie potwierdzi tożsamości.',
      remedy:
        'Zaloguj się jako ten użytkownik na https://outlook.com, wykonaj podane kroki i spróbuj ponownie.',
    },
    'yahoo-sign-in': {
      summary: 'Yahoo nie przyjęło nazwy użytkownika lub hasła.',
      remedy:
        'Utwórz hasło aplikacji na koncie Yahoo, w części Bezpieczeństwo, i wpisz je tutaj; hasło do konta nie jest przyjmowane.',
    },
    'yahoo-verify': {
      summary: 'Dostawca chce, aby użytkownik najpierw potwierdził konto.',
      remedy: 'Zaloguj się do skrzynki w przeglądarce, potwierdź to, o co zapyta, i spróbuj ponownie.',
    },
    'aol-sign-in': {
      summary: 'AOL nie przyjął nazwy użytkownika lub hasła.',
      remedy:
        'Utwórz hasło aplikacji na koncie AOL, w części Bezpieczeństwo, i wpisz je tutaj; hasło do konta nie jest przyjmowane.',
    },
    'icloud-sign-in': {
      summary: 'iCloud nie przyjął nazwy użytkownika lub hasła.',
      remedy:
        'Użyj hasła aplikacji ze strony https://account.apple.com, a jako nazwy użytkownika adresu iCloud (lub części przed @icloud.com).',
    },
    'zoho-sign-in': {
      summary: 'Zoho nie przyjęło nazwy użytkownika lub hasła.',
      remedy:
        'Przy uwierzytelnianiu dwuskładnikowym użyj hasła do aplikacji. Sprawdź też region serwera: konto w zoho.eu istnieje tylko tam.',
    },
    'zoho-imap-off': {
      summary: 'IMAP jest wyłączony dla tej skrzynki Zoho.',
      remedy:
        'Włącz go w ustawieniach Zoho Mail, w części Konta pocztowe; w organizacji administrator musi najpierw na to zezwolić.',
    },
    'fastmail-sign-in': {
      summary: 'Fastmail nie przyjął nazwy użytkownika lub hasła.',
      remedy:
        'Utwórz hasło aplikacji z dostępem do IMAP w ustawieniach Fastmaila, w części Privacy & Security, i wpisz je tutaj wraz z pełnym adresem e-mail.',
    },
    'gmx-sign-in': {
      summary: 'GMX nie przyjął logowania.',
      remedy:
        'Włącz IMAP w ustawieniach GMX Mail, w części POP3/IMAP (na początku i po dłuższej przerwie jest wyłączony). Przy uwierzytelnianiu dwuskładnikowym użyj hasła do aplikacji.',
    },
    'gmx-imap-off': {
      summary: 'IMAP jest wyłączony dla tej skrzynki GMX.',
      remedy: 'Włącz go w ustawieniach GMX Mail, w części POP3/IMAP, a potem spróbuj ponownie.',
    },
    'dovecot-connections': {
      summary: 'Dla tego użytkownika i naszego adresu jest otwartych tyle połączeń, na ile serwer pozwala.',
      remedy:
        'Praca wznowi się sama. Aby przyspieszyć, zwiększ na serwerze mail_max_userip_connections lub zmniejsz liczbę połączeń z tym serwerem w budżecie.',
    },
    'sign-in-service-down': {
      summary: 'Serwer nie może w tej chwili sprawdzać haseł.',
      remedy:
        'Próba zostanie ponowiona samoczynnie. Jeśli problem trwa, operator serwera znajdzie przyczynę w dzienniku.',
    },
    'sign-in-needs-tls': {
      summary: 'Serwer przyjmuje hasła tylko przez szyfrowane połączenie.',
      remedy: 'Wybierz TLS (port 993) lub STARTTLS (port 143).',
    },
    'too-many-connections': {
      summary: 'Z tym kontem jest otwartych tyle połączeń, na ile pozwala dostawca.',
      remedy:
        'Praca wznowi się sama. Pomaga zamknięcie programów pocztowych użytkownika oraz mniejsza liczba połączeń w budżecie.',
    },
    'server-busy': {
      summary: 'Dostawca ma w tej chwili problem lub prosi o wolniejszą pracę.',
      remedy: 'Nic nie trzeba robić: próba zostanie ponowiona samoczynnie.',
    },
  },
};
