import { z } from 'zod';

const groupsSchema = z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) });
const eventsSchema = z.object({ events: z.array(z.object({ message: z.string() })) });

/** What the functions have said, from the emulator's CloudWatch Logs: a heading for each log group, and its lines. */
export async function functionLogs(emulator: {
  readonly url: string;
  readonly region: string;
}): Promise<string> {
  const { logGroups } = groupsSchema.parse(await askLogs(emulator, 'DescribeLogGroups', {}));
  const texts = logGroups.map(async ({ logGroupName }) => {
    const { events } = eventsSchema.parse(await askLogs(emulator, 'FilterLogEvents', { logGroupName }));
    return [`== ${logGroupName}`, ...events.map(({ message }) => message.trimEnd())].join('\n');
  });
  return `\n${(await Promise.all(texts)).join('\n')}\n`;
}

/** The emulator takes the region from the signature's scope, and looks at nothing else of it. */
async function askLogs(
  { url, region }: { readonly url: string; readonly region: string },
  action: string,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    signal: AbortSignal.timeout(30_000),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Logs_20140328.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/logs/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  return await response.json();
}
