/** Whether a number is in a sequence set such as `1:5,9,12:*` (RFC 3501 9). @param last what `*` stands for */
export function setMatcher(set: string, last: number): (number: number) => boolean {
  const ranges = set.split(',').map((part) => {
    const [from = 0, to = from] = part.split(':').map((end) => (end === '*' ? last : Number(end)));
    return from <= to ? { from, to } : { from: to, to: from };
  });
  return (number) => ranges.some(({ from, to }) => number >= from && number <= to);
}

/** The shortest text for numbers in ascending order: `1:5,9`. */
export function setText(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < numbers.length; ) {
    const first = numbers[index] ?? 0;
    let end = index;
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end += 1;
    const last = numbers[end] ?? first;
    parts.push(first === last ? `${first}` : `${first}:${last}`);
    index = end + 1;
  }
  return parts.join(',');
}
