import { randomBytes, timingSafeEqual } from 'node:crypto';

/** Says whether an Authorization header carries the access key of this process. */
export type AccessKeyCheck = (authorization: string | undefined) => boolean;

/** The AWS credentials that this process's own services accept. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const CREDENTIAL = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//;

/**
 * A fresh access key for each start. Any user of the machine can reach a port on 127.0.0.1; the embedded services
 * answer only those who know the key, which is in the memory of this process alone.
 */
export function createAccessKey(): AccessKey {
  return {
    accessKeyId: `LOCAL${randomBytes(20).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
  };
}

/** The check that the services make of each request. */
export function createAccessKeyCheck(accessKeyId: string): AccessKeyCheck {
  const expected = Buffer.from(accessKeyId);
  return (authorization) => {
    const given = Buffer.from(CREDENTIAL.exec(authorization ?? '')?.[1] ?? '');
    // how long a key is, anybody may know
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}
