import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFunctions } from '../../infra/local/load-functions.ts';
import { startLocalCloud } from '../../infra/local/local-cloud.ts';
import { runPipeline } from '../../infra/local/run-pipeline.ts';

export interface HttpReply {
  readonly status: number;
  readonly type: string;
  // What the tests assert on is the answer itself, as a client would see it.
  readonly body: Readonly<Record<string, unknown>>;
}

/** The whole service in this process: gateway, authorizer, functions, queues, table, vault. */
export interface RunningService extends AsyncDisposable {
  readonly url: string;
  token(tenant: string, scopes?: readonly string[]): Promise<string>;
  /** A request over HTTP; `token` undefined sends none. */
  call(token: string | undefined, method: string, path: string, body?: unknown): Promise<HttpReply>;
  /** Whether any file of the state folder holds these bytes. */
  stateHolds(text: string): Promise<boolean>;
}

const SCOPES = ['mailhaul:read', 'mailhaul:write'];

export async function startService(
  variables: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-service-'));
  const cloud = await startLocalCloud({
    stateDir,
    timerSeconds: 1,
    syncWrites: false,
    variables: { MAILHAUL_LOG_LEVEL: 'SILENT', ...variables },
  });
  const pipeline = await runPipeline(cloud, (await loadFunctions())(cloud.environment));
  return {
    url: pipeline.url,
    token: (tenant, scopes = SCOPES) => pipeline.issueToken({ tenant, scopes, expiresInSeconds: 3600 }),
    async call(token, method, path, body) {
      const response = await fetch(pipeline.url + path, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed: unknown = text === '' ? {} : JSON.parse(text);
      return {
        status: response.status,
        type: response.headers.get('content-type') ?? '',
        body: Object.fromEntries(Object.entries(Object(parsed))),
      };
    },
    async stateHolds(text) {
      for (const entry of await readdir(stateDir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        if ((await readFile(join(entry.parentPath, entry.name))).includes(text)) return true;
      }
      return false;
    },
    async [Symbol.asyncDispose]() {
      await pipeline.stop(1_000);
      await cloud.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
