import { z } from 'zod';

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
});
const providerUrl = z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('ProviderURL')]) });

/** Types of resources that MiniStack refuses a whole template for. */
const UNKNOWN_TYPES: ReadonlySet<string> = new Set(['AWS::Cognito::ManagedLoginBranding']);

/**
 * A template without what MiniStack lacks. Each gap is listed in docs/deploy.md, "Deployment test".
 * @param text JSON, and so is what it returns
 */
export function leaveOutGaps(text: string): string {
  const template = templateSchema.parse(
    JSON.parse(text, (_key, value: unknown) => withoutProviderUrl(value)),
  );
  const known = Object.entries(template.Resources).filter(([, { Type }]) => !UNKNOWN_TYPES.has(Type));
  return JSON.stringify({ ...template, Resources: Object.fromEntries(known) });
}

/** A user pool has no attribute ProviderURL there; it is "https://" and ProviderName. */
function withoutProviderUrl(value: unknown): unknown {
  const found = providerUrl.safeParse(value);
  if (!found.success) return value;
  const [pool] = found.data['Fn::GetAtt'];
  return { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [pool, 'ProviderName'] }]] };
}
