import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Clock } from '../../../shared/migration/clock.ts';
import { errorCode } from '../error-code.ts';
import type { LocalLogger } from '../local-logger.ts';
import { listenOnLoopback, type LoopbackServer } from '../loopback-server.ts';
import type { AccessKeyCheck } from '../access-key.ts';
import { readBody } from '../read-body.ts';
import { SecretsManagerError } from './errors.ts';
import { readMasterKey } from './master-key.ts';
import { SecretFiles } from './secret-files.ts';
import { isSecretOperation, type SecretOperation, secretRequests } from './secret-requests.ts';
import { SecretsService } from './secrets-service.ts';

const TARGET_PREFIX = 'secretsmanager.';

/** A value of 64 KB grows sixfold when JSON escapes every byte of it. */
const MAX_BODY_BYTES = 1_048_576;

export interface SecretsServerOptions {
  readonly stateDir: string;
  readonly region: string;
  readonly clock: Clock;
  readonly allows: AccessKeyCheck;
  readonly logger: LocalLogger;
  /** Text of MAILHAUL_MASTER_KEY; without it a key file in the state folder. */
  readonly masterKey: string | undefined;
}

/**
 * Secrets Manager's protocol (AWS JSON 1.1) over encrypted files in the state folder.
 * @throws MasterKeyError
 */
export async function startSecretsManager(options: SecretsServerOptions): Promise<LoopbackServer> {
  const key = await readMasterKey(options.stateDir, options.masterKey);
  const files = await SecretFiles.open(join(options.stateDir, 'secrets'), key);
  const service = new SecretsService(files, options);
  const server = createServer((request, response) => void serve(service, options, request, response));
  return listenOnLoopback(server);
}

async function serve(
  service: SecretsService,
  options: SecretsServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await answer(service, options, request);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}

async function answer(
  service: SecretsService,
  options: SecretsServerOptions,
  request: IncomingMessage,
): Promise<{ status: number; body: object }> {
  try {
    const body = await readBody(request, MAX_BODY_BYTES);
    if (!options.allows(request.headers.authorization)) {
      throw new SecretsManagerError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      );
    }
    if (body === undefined) throw new SecretsManagerError('ValidationException', 'The request is too large.');
    const target = String(request.headers['x-amz-target'] ?? '');
    return { status: 200, body: await dispatch(service, target, body.toString('utf8')) };
  } catch (error) {
    if (error instanceof SecretsManagerError) {
      return { status: 400, body: { __type: error.code, Message: error.message } };
    }
    // Only the kind of an unforeseen error is told: its message might quote a secret.
    options.logger.error('The embedded Secrets Manager failed', { errorCode: errorCode(error) });
    return {
      status: 500,
      body: { __type: 'InternalServiceError', Message: 'An error occurred on the server side.' },
    };
  }
}

const OPERATIONS: Record<SecretOperation, (service: SecretsService, body: unknown) => Promise<object>> = {
  CreateSecret: (service, body) => service.createSecret(parse(secretRequests.CreateSecret, body)),
  GetSecretValue: (service, body) => service.getSecretValue(parse(secretRequests.GetSecretValue, body)),
  PutSecretValue: (service, body) => service.putSecretValue(parse(secretRequests.PutSecretValue, body)),
  UpdateSecret: (service, body) => service.updateSecret(parse(secretRequests.UpdateSecret, body)),
  DescribeSecret: (service, body) => service.describeSecret(parse(secretRequests.DescribeSecret, body)),
  DeleteSecret: (service, body) => service.deleteSecret(parse(secretRequests.DeleteSecret, body)),
  RestoreSecret: (service, body) => service.restoreSecret(parse(secretRequests.RestoreSecret, body)),
  ListSecrets: (service, body) => service.listSecrets(parse(secretRequests.ListSecrets, body)),
  UpdateSecretVersionStage: (service, body) =>
    service.updateSecretVersionStage(parse(secretRequests.UpdateSecretVersionStage, body)),
};

function dispatch(service: SecretsService, target: string, text: string): Promise<object> {
  const operation = target.slice(TARGET_PREFIX.length);
  if (!target.startsWith(TARGET_PREFIX) || !isSecretOperation(operation)) {
    throw new SecretsManagerError('UnknownOperationException', `The operation ${target} is not served.`);
  }
  return OPERATIONS[operation](service, parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SecretsManagerError('SerializationException', 'The request is not JSON.', error);
  }
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  // The names of the fields only: a value may be a secret.
  const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new SecretsManagerError(
    'ValidationException',
    `1 validation error detected: invalid value at: ${fields}`,
  );
}
