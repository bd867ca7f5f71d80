import { formatBytes } from '../../cli/text/format-bytes.ts';
import { formatDuration } from '../../cli/text/format-duration.ts';
import { type Column, markdownTable } from '../../cli/text/markdown-table.ts';
import { plural } from '../../cli/text/plural.ts';
import { AWS_PRICES } from './aws-prices.ts';
import { AWS_QUOTAS } from './aws-quotas.ts';
import type { Bound, PlanEstimate } from './estimate-plan.ts';
import type { Limit } from './find-limits.ts';
import { ASSUMED, MEASURED } from './measured-costs.ts';
import { type ServiceCost, sumDollars } from './price-usage.ts';

const left = (heading: string): Column => ({ heading, align: 'left' });
const right = (heading: string): Column => ({ heading, align: 'right' });

const BINDS: Readonly<Record<Bound['kind'], string>> = {
  'one-mailbox': 'one mailbox: its lanes and their rate',
  'provider-day': "the provider's bytes a day for one account",
  planners: 'the planners (passes queue)',
  workers: 'the lanes of all mailboxes (chunks queue)',
};

/** A part of a report: what it tells, and its table. */
interface ReportPart {
  readonly title: string;
  readonly table: string;
}

/** The estimate for a person, as Markdown. */
export function planReport(plan: PlanEstimate): string {
  const parts = reportParts(plan).map(({ table, title }) => `**${title}**\n\n${table}`);
  return [heading(plan), ...parts, assumptions(plan)].join('\n\n');
}

function reportParts(plan: PlanEstimate): readonly ReportPart[] {
  const prices = `${AWS_PRICES.region}, prices of ${AWS_PRICES.asOf}`;
  return [
    { title: 'Time', table: timeTable(plan) },
    { title: 'What it would take if only this were in the way', table: boundsTable(plan) },
    { title: 'At work over time (means of eighths of the time)', table: concurrencyTable(plan) },
    { title: 'Limits', table: limitsTable(plan.limits) },
    {
      title: `Cost in US dollars until all are in step, and of a day in step (${prices})`,
      table: costTable(plan),
    },
  ];
}

/** Several sizes of a migration beside one another. */
export function compareReport(plans: readonly PlanEstimate[]): string {
  return markdownTable(
    [
      right('mailboxes'),
      right('all in step after'),
      left('what binds'),
      right('executions at once'),
      right('then looked at every'),
      right('first copy, $'),
      right('a day, $'),
    ],
    plans.map(({ bounds, copy, dayCosts, firstCopyCosts, input, step }) => [
      whole(input.mailboxes),
      formatDuration(copy.seconds),
      bounds[0] === undefined ? '' : BINDS[bounds[0].kind],
      number(copy.peakWorkers + copy.peakPlanners),
      formatDuration(step.cycleSeconds) + (step.slowedBy === 'nothing' ? '' : ` (${step.slowedBy})`),
      money(sumDollars(firstCopyCosts)),
      money(sumDollars(dayCosts)),
    ]),
  );
}

function heading({ input, work }: PlanEstimate): string {
  return (
    `${plural(input.mailboxes, 'mailbox', 'mailboxes')} of ${formatBytes(input.bytes)} and ${whole(input.messages)} messages in ` +
    `${whole(input.folders)} folders, from ${input.source.name} to ${input.destination.name}: ` +
    `${formatBytes(input.bytes * input.mailboxes)} in all, ${work.lanes} lanes a mailbox`
  );
}

function timeTable({ bounds, copy, input, step }: PlanEstimate): string {
  const inStep =
    step.slowedBy === 'nothing'
      ? `every ${formatDuration(step.cycleSeconds)}, as asked for`
      : `every ${formatDuration(step.cycleSeconds)} instead of ${formatDuration(input.resyncSeconds)}: too few ${step.slowedBy === 'planners' ? 'planners' : 'wake-ups by the timer'}`;
  const [longest] = bounds;
  return markdownTable(
    [left('what'), right('estimate')],
    [
      ['all are in step after', formatDuration(copy.seconds)],
      ['half of them after', formatDuration(copy.halfSeconds)],
      ['what binds', longest === undefined ? '' : BINDS[longest.kind]],
      ['mail moved, mean', `${formatBytes((input.bytes * input.mailboxes) / copy.seconds)}/s`],
      ['woken by the timer while they only waited', `${number(copy.wakes)} times`],
      ['then each is looked at', inStep],
      ['planners needed in step', number(step.plannersNeeded)],
    ],
  );
}

function boundsTable({ bounds }: PlanEstimate): string {
  return markdownTable(
    [left('limit'), right('time')],
    bounds
      .filter(({ seconds }) => seconds > 0)
      .map(({ kind, seconds }) => [BINDS[kind], formatDuration(seconds)]),
  );
}

function concurrencyTable({ copy, input }: PlanEstimate): string {
  return markdownTable(
    [right('until'), right('lanes'), right('planners'), right('in step')],
    copy.moments.map(({ at, planners, synced, workers }) => [
      formatDuration(at),
      number(workers),
      number(planners),
      `${number((100 * synced) / input.mailboxes)} %`,
    ]),
  );
}

function limitsTable(limits: readonly Limit[]): string {
  const used = (value: number | undefined): string => (value === undefined ? '–' : number(value));
  return markdownTable(
    [left('limit'), right('first copy'), right('in step'), right('limit is'), right('used'), left('turn')],
    limits.map(({ firstCopy, inStep, limit, name, turn }) => {
      const most = (100 * Math.max(firstCopy ?? 0, inStep ?? 0)) / limit;
      return [name, used(firstCopy), used(inStep), whole(limit), `${number(most)} %`, most >= 80 ? turn : ''];
    }),
  );
}

function costTable({ dayCosts, firstCopyCosts, input }: PlanEstimate): string {
  const rows = firstCopyCosts.map((line, index) => {
    const day = dayCosts[index];
    return [line.service, requests(line), money(line.dollars), requests(day), money(day?.dollars ?? 0)];
  });
  const [copy, day] = [sumDollars(firstCopyCosts), sumDollars(dayCosts)];
  rows.push(['all', '', money(copy), '', money(day)]);
  rows.push(['a mailbox', '', money(copy / input.mailboxes), '', money(day / input.mailboxes)]);
  rows.push([`first copy and ${input.daysInStep} days`, '', money(copy + day * input.daysInStep), '', '']);
  return markdownTable(
    [left('service'), right('requests'), right('first copy, $'), right('requests a day'), right('a day, $')],
    rows,
  );
}

function assumptions({ input, work }: PlanEstimate): string {
  const account =
    input.accountMessagesPerSecond === undefined
      ? ''
      : `, ${number(input.accountMessagesPerSecond)} messages/s of one account`;
  return (
    `Assumed: ${number(input.messagesPerSecond)} messages/s and ${formatBytes(input.bytesPerSecond)}/s of one lane${account} ` +
    `(here the ${work.slowestBy === 'account' ? "account's messages" : work.slowestBy} decide); measured ${MEASURED.asOf} against Dovecot with ` +
    `25 ms each way, and a real provider is slower: --messages-per-second. ${formatBytes(input.bytes / input.messages)} a message, ` +
    `${number(input.newMessages)} new messages a day and mailbox, ${ASSUMED.tableMs} ms a request to DynamoDB, ${ASSUMED.logBytes} B of logs an invocation, ` +
    `one console open. Quotas as of ${AWS_QUOTAS.asOf}.`
  );
}

function requests(line: ServiceCost | undefined): string {
  return line?.requests === undefined ? '–' : whole(line.requests);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Three digits that count, at least. */
function number(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return whole(value);
  return value >= 10 ? value.toFixed(1) : value >= 0.01 || value === 0 ? value.toFixed(2) : '< 0.01';
}

function money(dollars: number): string {
  if (dollars >= 1000) return whole(dollars);
  if (dollars >= 0.01 || dollars === 0) return dollars.toFixed(2);
  return dollars.toPrecision(2);
}
