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

  /** Keys with `gt`, `gte`, `lt` and `lte`, `reverse`, `limit`. */
  export type LevelRange = Readonly<Record<string, unknown>>;

  export interface LevelValues {
    /** Up to `size` of them; none at the end. */
    nextv(size: number): Promise<unknown[]>;
    close(): Promise<void>;
  }

  /** LevelDB, with callbacks in place of promises where dynalite has put its own methods on the object. */
  export interface LevelDatabase extends NodeJS.EventEmitter {
    open(): Promise<void>;
    close(done: Done): void;
    get(key: string, done: Done): void;
    /** Undefined for what is not there. */
    getSync(key: string): unknown;
    /** Of the class; the object has another. */
    batch(operations: readonly WriteOperation[], options: { readonly sync: boolean }): Promise<void>;
    values(range: LevelRange): LevelValues;
    createValueStream(range: LevelRange): NodeJS.EventEmitter & { destroy(): void };
  }

  export interface DynaliteStore {
    readonly db: LevelDatabase;
    readonly tableDb: SubDatabase;
    getItemDb(table: string): SubDatabase;
    getIndexDb(type: string, table: string, index: string): SubDatabase;
  }

  const database: { create(options: DynaliteOptions): DynaliteStore };
  export default database;
}

declare module 'dynalite/db/*Parser.js' {
  export interface ParseContext {
    /** What the `#names` of the request stand for. */
    readonly attrNames: Readonly<Record<string, string>> | undefined;
    /** Its `:values`, each an object of one type and a value. */
    readonly attrVals: Readonly<Record<string, object>> | undefined;
    /** Names and values that no expression of the request has used yet; the parser deletes what it finds. */
    readonly unusedAttrNames: Record<string, true>;
    readonly unusedAttrVals: Record<string, true>;
  }

  export interface ExpressionParser {
    /** @returns what the expression says, or in words why it is refused; throws what is no expression at all */
    parse(text: string, options: { readonly context: ParseContext }): object | string;
  }

  const parser: ExpressionParser;
  export default parser;
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
