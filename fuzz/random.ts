/** A stream of numbers that follow from a seed, and choices made with it. */
export class Random {
  private state: number;

  /** @param words text and numbers that name the stream; equal ones give equal streams */
  constructor(...words: readonly (string | number)[]) {
    let hash = 0x811c9dc5;
    for (const c of words.join("/")) hash = Math.imul(hash ^ c.codePointAt(0)!, 0x01000193);
    this.state = hash >>> 0;
  }

  /** A whole number from 0 to `below` − 1 (mulberry32). */
  whole(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % Math.max(1, below);
  }

  /** One of `items`. */
  of<T>(items: readonly T[]): T {
    return items[this.whole(items.length)]!;
  }
}
