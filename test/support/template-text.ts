/**
 * A value of a template as text, its references in angle brackets: `<Table.Arn>/index/due`. Imports of other stacks
 * carry the names of their exports.
 */
export function templateText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) throw new Error(`No text: ${JSON.stringify(value)}`);
  const [name, argument] = entry;
  switch (name) {
    case 'Ref':
    case 'Fn::ImportValue':
      return `<${String(argument)}>`;
    case 'Fn::GetAtt':
      return `<${(argument as string[]).join('.')}>`; // CloudFormation: logical id and attribute
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]]; // CloudFormation
      return parts.map(templateText).join(separator);
    }
    default:
      throw new Error(`No text: ${JSON.stringify(value)}`);
  }
}
