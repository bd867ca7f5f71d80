import { InvalidArgumentError } from 'commander';

/** A parser for commander: where others reach a service, `https://…` or on this machine `http://…`. */
export function publicAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (url !== undefined && (url.protocol === 'https:' || plain) && url.search + url.hash === '')
    return url.href;
  throw new InvalidArgumentError('Give an address like https://move.example.org.');
}

/** A parser for commander: a whole number in a range, said in words when it is not. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    return value;
  };
}
