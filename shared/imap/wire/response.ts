import type { FetchRow } from './fetch-row.ts';
import type { Value } from './value.ts';

/** `OK [CODE arguments] text`, tagged or not (RFC 3501 7.1). */
export interface StatusAnswer {
  readonly status: 'OK' | 'NO' | 'BAD' | 'BYE' | 'PREAUTH';
  /** Upper case, without its arguments: `UIDVALIDITY`, `APPENDUID`, … */
  readonly code?: string;
  /** What follows the code within the brackets. */
  readonly codeArguments?: string;
  readonly text: string;
}

/** The tagged answer of a command that was carried out. */
export interface OkAnswer extends StatusAnswer {
  readonly status: 'OK';
}

/** Everything that comes without a tag, except message bodies, which are streamed. */
export type UntaggedResponse =
  | ({ readonly kind: 'status' } & StatusAnswer)
  | { readonly kind: 'count'; readonly name: 'EXISTS' | 'RECENT' | 'EXPUNGE'; readonly number: number }
  | { readonly kind: 'fetch'; readonly row: FetchRow }
  /** A long list comes as several of these. */
  | { readonly kind: 'search'; readonly numbers: number[] }
  /** `set` is the uid-set behind ALL; a long one comes as several of these. */
  | { readonly kind: 'esearch'; readonly set: string | undefined }
  | {
      readonly kind: 'data';
      readonly name: 'FLAGS' | 'STATUS' | 'LIST' | 'CAPABILITY' | 'QUOTA' | 'MYRIGHTS';
      readonly values: Value[];
    };

/** Takes the bytes of one message body as they come. */
export interface BodySink {
  chunk(bytes: Uint8Array): void;
  end(): void;
}

/** What a command does with the responses that belong to it. Called while the socket is being read: must not wait. */
export interface ResponseHandler {
  /** @returns true when the response was meant for this command; others are asked otherwise */
  untagged?(response: UntaggedResponse): boolean;
  /** A message body of `size` octets begins. `row` holds what the response said before it. */
  body?(row: FetchRow, size: number): BodySink | undefined;
  /** The command was carried out. Called before the reader goes on to the next response. */
  answered?(answer: OkAnswer): void;
  /** The command was refused, or the connection is lost. */
  failed?(error: Error): void;
}
