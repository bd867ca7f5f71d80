import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly model: string;
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/** Where the sign-in service of the tests keeps what it gives out: a test looks at it and takes things away. */
export class MemoryAdapters {
  readonly #kept = new Map<string, Kept>();

  /** What oidc-provider asks for, for each kind of thing that it keeps. */
  readonly of = (model: string): Adapter => {
    const kept = this.#kept;
    const key = (id: string): string => `${model}:${id}`;
    const find = (id: string): AdapterPayload | undefined => {
      const entry = kept.get(key(id));
      return entry === undefined || entry.expiresAt <= Date.now() ? undefined : entry.payload;
    };
    return {
      async upsert(id, payload, expiresIn) {
        const expiresAt = Date.now() + (expiresIn ?? Infinity) * 1000;
        kept.set(key(id), { model, payload, expiresAt });
      },
      find: async (id) => find(id),
      async findByUserCode() {
        return undefined;
      },
      async findByUid(uid) {
        for (const entry of kept.values()) {
          if (entry.model === model && entry.payload.uid === uid) return entry.payload;
        }
        return undefined;
      },
      async consume(id) {
        const payload = find(id);
        if (payload !== undefined) payload['consumed'] = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        kept.delete(key(id));
      },
      revokeByGrantId: async (grantId) => this.remove((_model, payload) => payload.grantId === grantId),
    };
  };

  remove(matches: (model: string, payload: AdapterPayload) => boolean): void {
    for (const [key, { model, payload }] of this.#kept) if (matches(model, payload)) this.#kept.delete(key);
  }
}
