import { z } from 'zod';

const version = z.object({
  stages: z.array(z.string()),
  createdAt: z.number(),
  text: z.string().optional(),
  /** Base64, as it travels. */
  binary: z.string().optional(),
});

/** One secret with its versions, as it is kept (encrypted) in one file. Times are ms since the epoch. */
export const secretRecord = z.object({
  arn: z.string(),
  name: z.string(),
  description: z.string().optional(),
  createdAt: z.number(),
  changedAt: z.number(),
  /** When a secret marked for deletion goes away. */
  deleteAt: z.number().optional(),
  /** By version id, oldest first. */
  versions: z.record(z.string(), version),
});

export type SecretRecord = z.infer<typeof secretRecord>;
export type SecretVersion = z.infer<typeof version>;
export type SecretValue = Pick<SecretVersion, 'text' | 'binary'>;

export function sameValue(one: SecretValue, other: SecretValue): boolean {
  return one.text === other.text && one.binary === other.binary;
}
