import { planCommand } from './plan-command.ts';

/** `<!-- npm run plan -- --mailboxes 1 --gb 5 | Limits -->`: what is printed, or of it what stands below this heading. */
const MARKED = /(<!-- npm run plan -- (?<args>[^|>]+?)(?: \| (?<part>[^|>]+))? -->\n)[\s\S]*?(<!-- end -->)/g;

/** Fills the marked places of a document with what the command prints. */
export function fillPlanTables(document: string): string {
  return document.replace(MARKED, (_all, start: string, args: string, part: string | undefined) => {
    let printed = '';
    planCommand((text) => (printed += text)).parse(args.trim().split(/\s+/), { from: 'user' });
    const table = part === undefined ? printed : partOf(printed, part.trim());
    return `${start}\n${table}\n\n<!-- end -->`;
  });
}

function partOf(report: string, title: string): string {
  const paragraphs = report.split('\n\n');
  const at = paragraphs.findIndex((paragraph) => paragraph.startsWith(`**${title}`));
  return paragraphs[at + 1] ?? '';
}
