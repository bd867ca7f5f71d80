import {
  FAILURE_REASONS,
  type FailureDescription,
  type FailureReason,
  describeFailure,
} from '../../migration/failure-reason.ts';
import {
  ITEM_REASONS,
  type ItemReason,
  type ItemReasonDescription,
  describeItemReason,
} from '../../migration/item-reason.ts';
import type { Catalogue } from '../catalogue.ts';
import { englishConsent } from './english-consent.ts';
import { englishConnection } from './english-connection.ts';
import { englishProviders } from './english-providers.ts';

/** The texts of reasons are the domain's own. */
export const english: Catalogue = {
  statuses: {
    starting: 'Starting',
    queued: 'Queued',
    syncing: 'Syncing',
    synced: 'Synced',
    throttled: 'Throttled',
    'needs-attention': 'Needs attention',
    'waiting-for-user': 'Waiting for user',
    stopping: 'Stopping',
    stopped: 'Stopped',
    failed: 'Failed',
    closed: 'Closed',
  },
  // The keys are exactly the reasons, which Object.fromEntries cannot tell.
  failures: Object.fromEntries(FAILURE_REASONS.map((reason) => [reason, describeFailure(reason)])) as Record<
    FailureReason,
    FailureDescription
  >,
  items: Object.fromEntries(ITEM_REASONS.map((reason) => [reason, describeItemReason(reason)])) as Record<
    ItemReason,
    ItemReasonDescription
  >,
  problems: {
    'body-malformed': {
      title: 'The request body cannot be read',
      remedy: 'Send the body in the format that its Content-Type names.',
    },
    'cursor-invalid': {
      title: 'The cursor does not belong to this list',
      remedy: 'Begin again without a cursor.',
    },
    'idempotency-key-invalid': {
      title: 'The Idempotency-Key is not usable',
      remedy: 'Send 1 to 128 printable ASCII characters, for example a UUID.',
    },
    unauthenticated: {
      title: 'The request is not signed in',
      remedy: 'Send a valid access token that names your tenant.',
    },
    'scope-missing': {
      title: 'The access token does not permit this',
      remedy: 'Use a token with the scope that is named in the detail.',
    },
    'not-found': {
      title: 'There is no such thing',
      remedy: 'Check the address and the identifiers in it.',
    },
    'method-not-allowed': {
      title: 'This method is not possible here',
      remedy: 'Use one of the methods in the Allow header.',
    },
    'request-in-progress': {
      title: 'The same request is being worked on',
      remedy: 'Wait a moment and send it again with the same Idempotency-Key.',
    },
    'user-exists': {
      title: 'There is a user with this address already',
      remedy: 'Use the existing user, or remove it first.',
    },
    'user-in-use': {
      title: 'A mailbox of this user is being migrated',
      remedy: 'Close the connection of its migration first.',
    },
    'mailbox-conflict': {
      title: 'A user is in the migration already with another source account',
      remedy: 'Leave these users out, or make another migration for them.',
    },
    'mailbox-status': {
      title: 'This is not possible in the status of the mailbox',
      remedy: 'See the status of the mailbox and what it asks for.',
    },
    'migration-closed': {
      title: 'The migration is closed',
      remedy: 'Make a new connection and a new migration.',
    },
    'connection-closed': {
      title: 'The connection is closed',
      remedy: 'Make a new connection.',
    },
    'destination-missing': {
      title: 'No destination is configured',
      remedy: 'Configure the destination first.',
    },
    'destination-in-use': {
      title: 'The destination is used by a migration',
      remedy: 'Close the open migrations before you change the server.',
    },
    'changed-meanwhile': {
      title: 'Somebody else changed it at the same moment',
      remedy: 'Read it again and repeat the change.',
    },
    'body-too-large': {
      title: 'The request is too large',
      remedy: 'Split it into several requests.',
    },
    'media-type-unsupported': {
      title: 'The type of the request body is not supported',
      remedy: 'Send application/json, or text/csv where a CSV file is expected.',
    },
    'request-invalid': {
      title: 'The request is not valid',
      remedy: 'Mend the places named in "errors" and send it again.',
    },
    'csv-invalid': {
      title: 'The CSV file is not valid; nothing of it was stored',
      remedy: 'Mend the rows named in "errors" and send the whole file again.',
    },
    'users-unknown': {
      title: 'Some mailboxes belong to no user',
      remedy: 'Add these users first.',
    },
    'credential-incomplete': {
      title: 'A password is missing',
      remedy: 'Give the password for each side that needs one.',
    },
    'consent-impossible': {
      title: 'No server here is opened by consent of its users',
      remedy:
        'Give the server a sign-in by OAuth 2.0 with the grant refresh-token and an address for authorisation.',
    },
    'connection-not-verified': {
      title: 'The source server could not be verified; nothing was stored',
      remedy: 'Follow the remedy of the step that failed in "verdict".',
    },
    'destination-not-verified': {
      title: 'The destination could not be verified; nothing was stored',
      remedy: 'Follow the remedy of the step that failed in "verdict".',
    },
    'folders-unreadable': {
      title: 'The folders of the mailbox could not be read',
      remedy: 'Mend what "detail" names at the server it names, then ask again.',
    },
    'idempotency-key-reused': {
      title: 'The Idempotency-Key was used for another request',
      remedy: 'Use a new key for each new request.',
    },
    internal: {
      title: 'Something went wrong in Mailhaul itself',
      remedy:
        'Send the request again with the same Idempotency-Key. If it persists, give the operator the instance.',
    },
    unavailable: {
      title: 'A part of the service is out of reach for the moment',
      remedy: 'Send the request again in a while, with the same Idempotency-Key.',
    },
  },
  providers: englishProviders,
  connection: englishConnection,
  consent: englishConsent,
};
