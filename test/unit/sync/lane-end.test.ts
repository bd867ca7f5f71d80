import { CommandRefusedError } from '../../../shared/imap/errors.ts';
import { examineMailbox } from '../../../shared/imap/mailbox/examine-mailbox.ts';
import { laneEnd } from '../../../shared/sync/lane-end.ts';
import { connectPeer, patience } from '../../support/scripted-peer.ts';

const counters = (uidValidity: number): string =>
  `* 3 EXISTS\r\n* OK [UIDVALIDITY ${uidValidity}] valid\r\n* OK [UIDNEXT 9] next\r\n`;

describe('the folder that is open at an end of a lane', () => {
  test('is opened once, also while the answer is still to come', async () => {
    const { connection, peer } = connectPeer();
    const end = laneEnd(connection, patience(), examineMailbox);
    const both = Promise.all([end.open('A'), end.open('A')]);
    expect(await peer.answer(counters(1))).toBe('EXAMINE "A"');
    expect((await both).map(({ uidValidity }) => uidValidity)).toEqual([1, 1]);
    await end.open('A');
    expect(peer.unread).toBe(0);
  });

  test('is the one that was asked for last, whatever is answered meanwhile', async () => {
    const { connection, peer } = connectPeer();
    const end = laneEnd(connection, patience(), examineMailbox);
    const first = end.open('A');
    const next = end.open('B');
    const again = end.open('A');
    expect(await peer.answer(counters(1))).toBe('EXAMINE "A"');
    expect(await peer.answer(counters(2))).toBe('EXAMINE "B"');
    expect(await peer.answer(counters(3))).toBe('EXAMINE "A"');
    const opened = await Promise.all([first, next, again]);
    expect(opened.map(({ uidValidity }) => uidValidity)).toEqual([1, 2, 3]);
    expect((await end.open('A')).uidValidity).toBe(3);
    expect(peer.unread).toBe(0);
  });

  test('is asked for again after a refusal, or when something was done behind its back', async () => {
    const { connection, peer } = connectPeer();
    const end = laneEnd(connection, patience(), examineMailbox);
    const refused = end.open('A');
    await Promise.all([peer.answer('', 'NO gone'), expect(refused).rejects.toThrow(CommandRefusedError)]);
    const opened = end.open('A');
    await Promise.all([peer.answer(counters(1)), opened]);
    end.forget();
    const anew = end.open('A');
    await peer.answer(counters(2));
    expect((await anew).uidValidity).toBe(2);
  });

  test('stays the later one when an earlier one is refused after it was asked for', async () => {
    const { connection, peer } = connectPeer();
    const end = laneEnd(connection, patience(), examineMailbox);
    const refused = end.open('A');
    const next = end.open('B');
    await Promise.all([peer.answer('', 'NO gone'), expect(refused).rejects.toThrow(CommandRefusedError)]);
    await Promise.all([peer.answer(counters(2)), next]);
    expect((await end.open('B')).uidValidity).toBe(2);
    expect(peer.unread).toBe(0);
  });
});
