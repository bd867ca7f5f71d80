import { SecretsManagerError } from './errors.ts';
import type { SecretRequest } from './secret-requests.ts';

const DAY_MS = 86_400_000;
const DAYS = { least: 7, most: 30 } as const;

/** For how long a deleted secret can still be restored (ms); 0 when it is to go at once. */
export function recoveryMs(request: SecretRequest<'DeleteSecret'>): number {
  const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force } = request;
  if (force === true && days !== undefined) {
    throw new SecretsManagerError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (force === true) return 0;
  const wanted = days ?? DAYS.most;
  if (wanted < DAYS.least || wanted > DAYS.most) {
    throw new SecretsManagerError(
      'InvalidParameterException',
      `The RecoveryWindowInDays value must be between ${DAYS.least} and ${DAYS.most} days (inclusive).`,
    );
  }
  return wanted * DAY_MS;
}
