import type { FailureReason } from '../../migration/failure-reason.ts';
import type { TlsProblem } from '../errors.ts';
import type { RefusalCode } from '../refusal-code.ts';
import type { CertificateFacts } from '../session/certificate-facts.ts';
import type { CapabilityTrait } from './capability-traits.ts';
import type { MailboxQuota } from './read-quota.ts';

/** What is tried, one after the other; `token` only where one is asked for; `tls` comes before or after the greeting or not at all. */
export const CONNECTION_STEPS = [
  'token',
  'name',
  'tcp',
  'tls',
  'greeting',
  'login',
  'capabilities',
  'namespace',
  'folders',
  'quota',
  'create',
] as const;

export type ConnectionStep = (typeof CONNECTION_STEPS)[number];

export const STEP_STATES = ['ok', 'failed', 'not-reached'] as const;

export interface StepOutcome {
  readonly step: ConnectionStep;
  readonly state: (typeof STEP_STATES)[number];
  /** What exactly, in English; empty where it was not reached. */
  readonly detail: string;
  readonly ms: number;
}

/** What the test of a connection found. */
export interface ConnectionVerdict {
  ok: boolean;
  /** All steps, in the order in which they are taken. */
  steps: StepOutcome[];
  failed?: {
    step: ConnectionStep;
    reason: FailureReason;
    /** In general, translated by `reason`; what exactly happened is the `detail` of the step. */
    summary: string;
    remedy: string;
    /** The server's own words. */
    serverText?: string;
    /** Where this provider's own words and remedy for it are known. */
    refusal?: RefusalCode;
  };
  /** As the server showed it, and why it is refused, if it is. */
  certificate?: CertificateFacts & { readonly problem?: TlsProblem };
  capabilities?: string[];
  /** What matters for the speed and fidelity of a copy. */
  traits?: Array<{ readonly trait: CapabilityTrait; readonly present: boolean }>;
  namespace?: { readonly prefix: string; readonly delimiter: string };
  folderCount?: number;
  quota?: MailboxQuota;
  /** A folder that the test made at the destination and could not remove again. */
  leftFolder?: string;
}
