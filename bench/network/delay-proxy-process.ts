/** The process of the delay proxies: its processor time must not count as anybody's. Ends with its parent. */
import { startDelayProxy } from './start-delay-proxy.ts';

const [delayMs = 0, ...targets] = process.argv.slice(2).map(Number);
const proxies = await Promise.all(targets.map((target) => startDelayProxy(target, delayMs)));
process.send?.(proxies.map(({ port }) => port));
process.once('disconnect', () => process.exit());
