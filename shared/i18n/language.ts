/** The languages of the product; the first is the one used when nothing fits. */
export const LANGUAGES = ['en', 'pl', 'vi'] as const;

export type Language = (typeof LANGUAGES)[number];
