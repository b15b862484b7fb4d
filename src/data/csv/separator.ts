/** Separators in the order in which one is taken that fits: a comma may be a decimal sign. */
const separators = ["\t", ";", ","] as const;

/**
 * The separator of a CSV, from its first lines: the one that stands in the first two the same number of times. Comments and
 * blank lines do not count, nor does what stands between quotes.
 *
 * @returns undefined where there is none: one column
 */
export function separatorOf(head: string): string | undefined {
  const lines = head
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "" && !line.trim().startsWith("#"))
    .map((line) => line.replace(/"([^"]|"")*"/g, ""));
  const [first = "", second = first] = lines;
  const times = (line: string, separator: string) => line.split(separator).length - 1;
  return (
    separators.find((s) => times(first, s) > 0 && times(first, s) === times(second, s)) ??
    separators.find((s) => times(first, s) > 0)
  );
}
