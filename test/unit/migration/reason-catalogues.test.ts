import { describeFailure, FAILURE_REASONS } from '../../../shared/migration/failure-reason.ts';
import { describeItemReason, ITEM_REASONS } from '../../../shared/migration/item-reason.ts';

test.each(FAILURE_REASONS)('%s tells people what happened and what to do', (reason) => {
  const { summary, remedy } = describeFailure(reason);
  expect(summary).toMatch(/^[A-Z].{10,100}\.$/);
  expect(remedy).toMatch(/^[A-Z].{10,160}\.$/);
});

test.each(ITEM_REASONS)('an item that is %s tells people what happened and what to do', (reason) => {
  const { summary, remedy } = describeItemReason(reason);
  expect(summary).toMatch(/^[A-Z].{10,100}\.$/);
  expect(remedy).toMatch(/^[A-Z].{10,160}\.$/);
});

test('no two reasons are described alike', () => {
  expect(new Set(FAILURE_REASONS.map((reason) => describeFailure(reason).summary)).size).toBe(
    FAILURE_REASONS.length,
  );
  expect(new Set(ITEM_REASONS.map((reason) => describeItemReason(reason).summary)).size).toBe(
    ITEM_REASONS.length,
  );
});
