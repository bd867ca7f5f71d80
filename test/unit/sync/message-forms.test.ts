import { oddFormsOf, StoredForms } from '../../../shared/sync/message-forms.ts';
import { MessageWatch } from '../../../shared/sync/message-watch.ts';

function formsOf(text: string, size = 7): string[] {
  const watch = new MessageWatch();
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) watch.update(bytes.subarray(at, at + size));
  return watch.oddForms();
}

describe('the odd forms of a message', () => {
  test.each([
    ['Subject: a\r\n\r\nb\r\n', []],
    ['Subject: a\r\n\r\nGr\xfc\xdfe\r\n', []],
    ['Subject: a\r\n\r\nb', ['no-final-line-end']],
    ['Subject: a\r\n\r\nb\n', ['no-final-line-end', 'bare-line-end']],
    ['Subject: a\r\n\r\n1%\r2%\r\n', ['bare-line-end']],
    ['Subject: \xe4\r\n\r\nb\r\n', ['eight-bit-header']],
    ['', ['no-final-line-end']],
  ])('%j: %j', (text, forms) => {
    for (const size of [1, 7, 1000]) expect(formsOf(text, size)).toEqual(forms);
  });

  test('end of a beginning that is cut between CR and LF is no bare line end', () => {
    expect(oddFormsOf(Buffer.from('Subject: a\r\n\r\nb\r'), '\r\n')).toEqual([]);
  });
});

test('a form is looked at until five in a row were kept', () => {
  const forms = new StoredForms();
  const seen = (kept: boolean, times: number): void => {
    for (let time = 0; time < times; time += 1) forms.seen(['no-final-line-end'], kept);
  };
  expect(forms.inDoubt([])).toBe(false);
  seen(true, 4);
  expect(forms.inDoubt(['no-final-line-end'])).toBe(true);
  seen(false, 1);
  seen(true, 4);
  expect(forms.inDoubt(['no-final-line-end'])).toBe(true);
  seen(true, 1);
  expect(forms.inDoubt(['no-final-line-end'])).toBe(false);
  expect(forms.inDoubt(['no-final-line-end', 'eight-bit-header'])).toBe(true);
});
