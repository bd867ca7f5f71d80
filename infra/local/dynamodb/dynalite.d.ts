/** What is used of dynalite 4.0.0, which brings no types: its database, its tables' records, its operations. */
declare module 'dynalite/db/index.js' {
  export type Done = (error: Error | null | undefined, value?: unknown) => void;

  export interface DynaliteOptions {
    /** Folder of the LevelDB store. */
    path: string;
    /** How long tables stay in CREATING, DELETING and UPDATING (ms). */
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }

  export type WriteOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

  /** The items of one table or of one index: a range of the store's keys behind a prefix. */
  export interface SubDatabase {
    put(key: string, value: unknown, done: Done): void;
    del(key: string, done: Done): void;
    get(key: string, done: Done): void;
  }

  export interface DynaliteStore {
    readonly db: {
      open(): Promise<void>;
      close(done: Done): void;
    };
    readonly tableDb: SubDatabase;
    getItemDb(table: string): SubDatabase;
    getIndexDb(type: string, table: string, index: string): SubDatabase;
  }

  const database: { create(options: DynaliteOptions): DynaliteStore };
  export default database;
}

declare module 'dynalite/validations/index.js' {
  import type { DynaliteStore } from 'dynalite/db/index.js';

  const validations: {
    /** Both throw an error with `statusCode` and `body` for a request that DynamoDB would refuse. */
    checkTypes(data: unknown, types: unknown): unknown;
    checkValidations(data: unknown, types: unknown, custom: unknown, store: DynaliteStore): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  /** What a request of one operation may look like. */
  const rules: { readonly types: unknown; readonly custom?: unknown };
  export default rules;
}

declare module 'dynalite/actions/*.js' {
  import type { Done, DynaliteStore } from 'dynalite/db/index.js';

  /** One operation on the store. */
  const run: (store: DynaliteStore, data: unknown, done: Done) => void;
  export default run;
}
