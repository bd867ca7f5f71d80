import { EventEmitter } from 'node:events';
import { listenForInterrupts } from '../../../cli/interrupts.ts';

function listen() {
  let now = 0;
  let ended = 0;
  const source = new EventEmitter();
  const interrupts = listenForInterrupts(
    source,
    { now: () => now, monotonic: () => now },
    () => (ended += 1),
  );
  return { source, interrupts, ended: () => ended, pass: (ms: number) => (now += ms) };
}

describe('Ctrl-C', () => {
  test('once ends in order', () => {
    const { source, interrupts, ended } = listen();
    source.emit('SIGINT');
    expect(interrupts.signal.aborted).toBe(true);
    expect(ended()).toBe(0);
  });

  test('that arrives twice at the same moment counts once', () => {
    const { source, ended, pass } = listen();
    source.emit('SIGINT');
    pass(50);
    source.emit('SIGINT');
    expect(ended()).toBe(0);
  });

  test('again ends at once', () => {
    const { source, ended, pass } = listen();
    source.emit('SIGINT');
    pass(1000);
    source.emit('SIGTERM');
    expect(ended()).toBe(1);
  });

  test('leaves no listener behind', () => {
    const { source, interrupts } = listen();
    interrupts.dispose();
    expect(source.eventNames()).toEqual([]);
  });
});
