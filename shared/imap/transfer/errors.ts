export type TransferErrorCode = 'lease-lapsed' | 'body-size-mismatch' | 'message-attributes-inconsistent';

/** Base of what ends a transfer for reasons of our own, not of a server. */
export abstract class TransferError extends Error {
  abstract readonly code: TransferErrorCode;
}

/** The right to write has ended (`mayWrite` said no). The connection was destroyed; what was in flight may have arrived. */
export class LeaseLapsedError extends TransferError {
  override readonly name = 'LeaseLapsedError';
  readonly code = 'lease-lapsed';

  constructor() {
    super('The right to write to this mailbox has ended; nothing more was sent. Another worker may go on.');
  }
}

/** A body did not have the size that was announced. The connection was destroyed, so the server discards the message. */
export class BodySizeMismatchError extends TransferError {
  override readonly name = 'BodySizeMismatchError';
  readonly code = 'body-size-mismatch';
  /** Bytes that were announced. */
  readonly declared: number;
  /** Bytes that came, or that had come when there were too many. */
  readonly actual: number;

  constructor(declared: number, actual: number) {
    super(`A message body has ${actual} bytes${actual > declared ? ' or more' : ''} instead of ${declared}.`);
    this.declared = declared;
    this.actual = actual;
  }
}
