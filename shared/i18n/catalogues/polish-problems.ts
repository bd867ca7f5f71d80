import type { Catalogue } from '../catalogue.ts';

export const polishProblems: Catalogue['problems'] = {
  'body-malformed': {
    title: 'Nie można odczytać treści żądania',
    remedy: 'Wyślij treść w formacie podanym w Content-Type.',
  },
  'cursor-invalid': { title: 'Kursor nie należy do tej listy', remedy: 'Zacznij od nowa bez kursora.' },
  'idempotency-key-invalid': {
    title: 'Nie można użyć tego Idempotency-Key',
    remedy: 'Wyślij od 1 do 128 drukowalnych znaków ASCII, na przykład UUID.',
  },
  unauthenticated: {
    title: 'Żądanie nie jest uwierzytelnione',
    remedy: 'Wyślij ważny token dostępu, który wskazuje twoją organizację.',
  },
  'scope-missing': {
    title: 'Token dostępu na to nie pozwala',
    remedy: 'Użyj tokenu z zakresem podanym w szczegółach.',
  },
  'not-found': { title: 'Nie ma takiego zasobu', remedy: 'Sprawdź adres i zawarte w nim identyfikatory.' },
  'method-not-allowed': {
    title: 'Ta metoda nie jest tu możliwa',
    remedy: 'Użyj jednej z metod podanych w nagłówku Allow.',
  },
  'request-in-progress': {
    title: 'To samo żądanie jest właśnie wykonywane',
    remedy: 'Poczekaj chwilę i wyślij je ponownie z tym samym Idempotency-Key.',
  },
  'user-exists': {
    title: 'Użytkownik o tym adresie już istnieje',
    remedy: 'Użyj istniejącego użytkownika lub najpierw go usuń.',
  },
  'user-in-use': {
    title: 'Skrzynka tego użytkownika jest migrowana',
    remedy: 'Najpierw zamknij połączenie jej migracji.',
  },
  'mailbox-conflict': {
    title: 'Użytkownik jest już w migracji z innym kontem źródłowym',
    remedy: 'Pomiń tych użytkowników lub utwórz dla nich inną migrację.',
  },
  'mailbox-status': {
    title: 'To nie jest możliwe w obecnym stanie skrzynki',
    remedy: 'Sprawdź stan skrzynki i czego on wymaga.',
  },
  'migration-closed': {
    title: 'Migracja jest zamknięta',
    remedy: 'Utwórz nowe połączenie i nową migrację.',
  },
  'connection-closed': { title: 'Połączenie jest zamknięte', remedy: 'Utwórz nowe połączenie.' },
  'destination-missing': { title: 'Nie skonfigurowano celu', remedy: 'Najpierw skonfiguruj cel.' },
  'destination-in-use': {
    title: 'Celu używa migracja',
    remedy: 'Zamknij otwarte migracje, zanim zmienisz serwer.',
  },
  'changed-meanwhile': {
    title: 'Ktoś inny zmienił to w tej samej chwili',
    remedy: 'Odczytaj ponownie i powtórz zmianę.',
  },
  'body-too-large': { title: 'Żądanie jest zbyt duże', remedy: 'Podziel je na kilka żądań.' },
  'media-type-unsupported': {
    title: 'Ten typ treści żądania nie jest obsługiwany',
    remedy: 'Wyślij application/json lub text/csv tam, gdzie oczekiwany jest plik CSV.',
  },
  'request-invalid': {
    title: 'Żądanie jest nieprawidłowe',
    remedy: 'Popraw miejsca wskazane w „errors” i wyślij je ponownie.',
  },
  'csv-invalid': {
    title: 'Plik CSV jest nieprawidłowy; niczego z niego nie zapisano',
    remedy: 'Popraw wiersze wskazane w „errors” i wyślij cały plik ponownie.',
  },
  'users-unknown': {
    title: 'Niektóre skrzynki nie należą do żadnego użytkownika',
    remedy: 'Najpierw dodaj tych użytkowników.',
  },
  'credential-incomplete': {
    title: 'Brakuje hasła',
    remedy: 'Podaj hasło dla każdej strony, która go wymaga.',
  },
  'consent-impossible': {
    title: 'Żaden serwer nie jest tu otwierany za zgodą użytkowników',
    remedy: 'Nadaj serwerowi logowanie OAuth 2.0 z przyznaniem refresh-token i adresem autoryzacji.',
  },
  'connection-not-verified': {
    title: 'Nie udało się zweryfikować serwera źródłowego; niczego nie zapisano',
    remedy: 'Zastosuj się do wskazówki przy kroku, który zawiódł w „verdict”.',
  },
  'destination-not-verified': {
    title: 'Nie udało się zweryfikować celu; niczego nie zapisano',
    remedy: 'Zastosuj się do wskazówki przy kroku, który zawiódł w „verdict”.',
  },
  'folders-unreadable': {
    title: 'Nie udało się odczytać folderów skrzynki',
    remedy: 'Usuń przyczynę podaną w „detail” na wskazanym serwerze i zapytaj ponownie.',
  },
  'idempotency-key-reused': {
    title: 'Tego Idempotency-Key użyto do innego żądania',
    remedy: 'Do każdego nowego żądania użyj nowego klucza.',
  },
  internal: {
    title: 'Coś poszło nie tak w samym Mailhaul',
    remedy:
      'Wyślij żądanie ponownie z tym samym Idempotency-Key. Jeśli problem trwa, podaj operatorowi pole instance.',
  },
  unavailable: {
    title: 'Część usługi jest chwilowo niedostępna',
    remedy: 'Wyślij żądanie ponownie za chwilę, z tym samym Idempotency-Key.',
  },
};
