import type { ProviderProfile } from './provider-profile.ts';

/** How much work one account, or one server for all accounts, is given at most; undefined = no limit is known. */
export interface Budget {
  /** Connections to one account at once, by all workers together. */
  readonly connections: number;
  /** Connections to the host at once, to all accounts together. */
  readonly connectionsPerHost?: number;
  /** Messages a second written to one account. */
  readonly messagesPerSecond?: number;
  /** Bytes a day read from one account. */
  readonly dailyBytesDown?: number;
  /** Bytes a day written to one account. */
  readonly dailyBytesUp?: number;
}

/** What a tenant has set for one host in place of what its profile says. */
export type BudgetTuning = Partial<Budget>;

/** The budget of a server: what the tenant has set, else what is known of the provider. */
export function budgetFor(profile: ProviderProfile, tuning: BudgetTuning | undefined): Budget {
  const { connections, dailyBytesDown, dailyBytesUp, limits } = profile;
  const wanted = {
    connectionsPerHost: tuning?.connectionsPerHost ?? limits?.connectionsPerHost,
    messagesPerSecond: tuning?.messagesPerSecond ?? limits?.messagesPerSecond,
    dailyBytesDown: tuning?.dailyBytesDown ?? dailyBytesDown,
    dailyBytesUp: tuning?.dailyBytesUp ?? dailyBytesUp,
  };
  return {
    connections: tuning?.connections ?? connections,
    ...(wanted.connectionsPerHost === undefined ? {} : { connectionsPerHost: wanted.connectionsPerHost }),
    ...(wanted.messagesPerSecond === undefined ? {} : { messagesPerSecond: wanted.messagesPerSecond }),
    ...(wanted.dailyBytesDown === undefined ? {} : { dailyBytesDown: wanted.dailyBytesDown }),
    ...(wanted.dailyBytesUp === undefined ? {} : { dailyBytesUp: wanted.dailyBytesUp }),
  };
}

/**
 * Lanes that one mailbox may have: each holds a connection to either side, so the side that bears less decides. A
 * host that bears so many in all gives one mailbox no more than that.
 */
export function laneLimit(source: Budget, destination: Budget): number {
  const limits = [source, destination].flatMap(({ connections, connectionsPerHost }) => [
    connections,
    connectionsPerHost ?? connections,
  ]);
  return Math.max(1, Math.min(...limits));
}
