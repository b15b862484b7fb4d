/**
 * An error a person can act on: what was wrong, where, and the next thing to type. The command line prints it as one
 * sentence without a stack trace and exits with its code.
 */
export class AttarError extends Error {
  constructor(
    /** Stable machine-readable code, e.g. "unknown-dataset". */
    readonly code: string,
    message: string,
    /** The next thing to do or type. */
    readonly hint: string = "",
    /** 1 failed, 2 usage (wrong input), 3 diverged, 4 interrupted and resumable. */
    readonly exitCode: 1 | 2 | 3 | 4 = 2,
  ) {
    super(message);
    this.name = "AttarError";
  }
}

/** "did you mean" for a misspelt name: the known name with the fewest edits, if it is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const begun = known.find((candidate) => name.length > 2 && candidate.toLowerCase().startsWith(name.toLowerCase()));
  if (begun !== undefined) return begun;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const d = edits(name.toLowerCase(), candidate.toLowerCase());
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
