/** The environment variable that names the file into which our own processes write what they measured. */
export const MEASUREMENTS_FILE = 'MAILHAUL_BENCH_MEASUREMENTS';
/** The ports of the mail servers, with a comma between them. */
export const MAIL_PORTS = 'MAILHAUL_BENCH_MAIL_PORTS';
