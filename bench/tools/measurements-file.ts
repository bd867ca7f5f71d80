import { join } from 'node:path';

/** Where our process leaves what it measured, beside its state. */
export function measurementsFile(stateFolder: string): string {
  return join(stateFolder, 'measurements.json');
}
