import { BenchError } from '../errors.ts';
import { mailOf, type SizeOf } from './mail-of.ts';
import { officeSize, sizeAround } from './sizes.ts';
import type { BenchMessage, Workload } from './workload.ts';

const OFFICE_FOLDERS = [
  'INBOX',
  'Archive',
  'Archive/2024',
  'Archive/2025',
  'Customers',
  'Customers/Nowak',
  'Customers/Łódź',
  'Drafts',
  'Junk',
  'Projects & plans',
  'Sent',
  'Trash',
] as const;

const NEW_SHARE = 0.01;

interface WorkloadOptions {
  name: string;
  description: string;
  messages: number;
  folders?: readonly string[];
  sizeOf: SizeOf;
  newSizeOf?: SizeOf;
}

function workload(options: WorkloadOptions): Workload {
  const { name, description, messages: messageCount, folders = ['INBOX'], sizeOf } = options;
  return {
    name,
    description,
    messageCount,
    folders,
    *messages() {
      for (const [index, folder] of folders.entries()) {
        const [from, to] = [index, index + 1].map((each) => firstOf(each, folders.length, messageCount));
        for (let seed = from ?? 0; seed < (to ?? 0); seed += 1) yield mailOf(folder, seed, sizeOf);
      }
    },
    *newMail(): Generator<BenchMessage> {
      const count = Math.max(1, Math.round(messageCount * NEW_SHARE));
      for (let index = 0; index < count; index += 1) {
        const folder = folders[index % folders.length] ?? 'INBOX';
        yield mailOf(folder, 100_000_000 + index, options.newSizeOf ?? sizeOf);
      }
    },
  };
}

/** The first folders are the large ones, as in life. */
function firstOf(folder: number, folders: number, messages: number): number {
  return Math.round(messages * Math.sqrt(folder / folders));
}

export const WORKLOADS: readonly Workload[] = [
  workload({
    name: 'office-300',
    description: '300 realistic messages in 12 folders',
    messages: 300,
    folders: OFFICE_FOLDERS,
    sizeOf: officeSize,
  }),
  workload({
    name: 'office-5000',
    description: '5,000 realistic messages in 12 folders',
    messages: 5000,
    folders: OFFICE_FOLDERS,
    sizeOf: officeSize,
  }),
  workload({
    name: 'office-5000-200',
    description: '5,000 realistic messages in 200 folders (only when asked for)',
    messages: 5000,
    folders: ['INBOX', ...Array.from({ length: 199 }, (_, index) => `Client ${index + 1}`)],
    sizeOf: officeSize,
  }),
  workload({
    name: 'small-2000',
    description: '2,000 small messages in one folder',
    messages: 2000,
    sizeOf: sizeAround(1500),
  }),
  workload({
    name: 'small-20000',
    description: '20,000 small messages in one folder',
    messages: 20_000,
    sizeOf: sizeAround(1500),
  }),
  workload({
    name: 'attachments-200',
    description: '200 messages of 500 KB',
    messages: 200,
    sizeOf: sizeAround(500_000),
  }),
  workload({
    name: 'huge-1',
    description: 'one message of 150 MB; the new one is of 8 KB',
    messages: 1,
    sizeOf: () => 150 * 1024 * 1024,
    newSizeOf: sizeAround(8000),
  }),
  workload({
    name: 'huge-1gb',
    description: 'one message of 1 GB (memory; only when asked for); the new one is of 8 KB',
    messages: 1,
    sizeOf: () => 1024 * 1024 * 1024,
    newSizeOf: sizeAround(8000),
  }),
  workload({
    name: 'small-1000000',
    description: '1,000,000 small messages in one folder (memory; only when asked for)',
    messages: 1_000_000,
    sizeOf: sizeAround(1500),
  }),
];

export function workloadNamed(name: string): Workload {
  const found = WORKLOADS.find((each) => each.name === name);
  if (found === undefined) {
    throw new BenchError(
      `There is no workload ${name}. Choose from ${WORKLOADS.map((each) => each.name).join(', ')}.`,
    );
  }
  return found;
}
