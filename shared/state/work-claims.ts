import * as z from 'zod';
import type { WorkKind } from '../migration/work-kind.ts';
import type { PageRef } from './page-record.ts';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';

/** Names one piece of work: what is to be done to one page. */
export interface WorkRef extends PageRef {
  readonly kind: WorkKind;
}

/** The lane and the lease (fence) that took a piece of work. */
export interface WorkClaim {
  readonly lane: number;
  readonly fence: number;
}

/** A piece of work that somebody took, whether or not it is on the list still. */
export interface ClaimedWork extends WorkRef {
  readonly claim: WorkClaim;
}

/** The attribute in which a mailbox's claims have that of a piece: short, for writing costs by size. */
export function claimName({ epoch, folderId, kind, number }: WorkRef): string {
  return `${kind}#${epoch}#${number}#${folderId}`;
}

export function claimValue({ fence, lane }: WorkClaim): string {
  return `${lane}#${fence}`;
}

const PATTERN = /^(copy|flags|adopt)#(\d+)#(\d+)#(.+)$/s;

const schema = z.object({ pk: z.unknown(), sk: z.unknown() }).catchall(z.string().regex(/^\d+#\d+$/));

/** Claims by the names of their pieces. @throws RecordCorruptError */
export function parseClaims(attributes: Attributes): Map<string, ClaimedWork> {
  const { pk: _pk, sk: _sk, ...claims } = parseRecord('claims', schema, attributes);
  return new Map(Object.entries(claims).map(([name, value]) => [name, parseClaim(name, value)]));
}

const claimSchema = z.object({
  kind: z.enum(['copy', 'flags', 'adopt']),
  epoch: z.int(),
  number: z.int(),
  folderId: z.string(),
  claim: z.object({ lane: z.int(), fence: z.int() }),
}) satisfies z.ZodType<ClaimedWork>;

function parseClaim(name: string, value: string): ClaimedWork {
  const [, kind, epoch, number, folderId] = PATTERN.exec(name) ?? [];
  const [lane, fence] = value.split('#').map(Number);
  const fields = { kind, epoch: Number(epoch), number: Number(number), folderId, claim: { lane, fence } };
  return parseRecord('claims', claimSchema, fields);
}
