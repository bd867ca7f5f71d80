/** How fast a growing number grows, over the last seconds. */
export interface RateMeter {
  /** Takes the number's value at a time (ms, monotonic) and answers the rate per second, if it can be told yet. */
  observe(value: number, at: number): number | undefined;
}

export function createRateMeter(windowMs = 10_000): RateMeter {
  const samples: { value: number; at: number }[] = [];
  return {
    observe(value, at) {
      const last = samples.at(-1);
      // A number that falls is counted anew, by another pass.
      if (last !== undefined && value < last.value) samples.length = 0;
      samples.push({ value, at });
      while (samples.length > 2 && at - (samples[1]?.at ?? at) >= windowMs) samples.shift();
      const first = samples[0];
      if (first === undefined || at - first.at < 500) return undefined;
      return ((value - first.value) * 1000) / (at - first.at);
    },
  };
}
