export type QueueName = 'passes' | 'chunks';

/** Some messages did not reach the queue, although it was tried several times. They may be sent again. */
export class QueueSendError extends Error {
  readonly code = 'QueueSend';
  readonly queue: QueueName;
  /** How many of the messages are not on the queue. */
  readonly failed: number;
  /** What SQS said, such as 'InternalError'. */
  readonly reasons: readonly string[];
  readonly retryable: boolean;
  constructor(
    queue: QueueName,
    failure: { failed: number; reasons: readonly string[]; retryable: boolean },
    options?: ErrorOptions,
  ) {
    const advice = failure.retryable ? 'Try again later.' : "Check the queue's address and the permissions.";
    super(
      `${failure.failed} messages did not reach the ${queue} queue (${failure.reasons.join(', ')}). ${advice}`,
      options,
    );
    this.name = 'QueueSendError';
    this.queue = queue;
    this.failed = failure.failed;
    this.reasons = failure.reasons;
    this.retryable = failure.retryable;
  }
}

/** A message on a queue is not one that this code sends. Trying it again is of no use. */
export class QueueMessageInvalidError extends Error {
  readonly code = 'QueueMessageInvalid';
  readonly queue: QueueName;
  /** Fields that are wrong. */
  readonly paths: readonly string[];
  constructor(queue: QueueName, paths: readonly string[]) {
    super(
      `A message on the ${queue} queue cannot be read (${paths.join(', ')}). Was it sent by another version?`,
    );
    this.name = 'QueueMessageInvalidError';
    this.queue = queue;
    this.paths = paths;
  }
}
