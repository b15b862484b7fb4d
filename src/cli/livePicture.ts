import type { CondensedSet } from "../data/dataset.ts";
import { pictures } from "../data/pictures.ts";
import { coloursOf, type Terminal, terminalPicture } from "./terminalPicture.ts";

/** The stream that a live picture is drawn on; the default is stderr, where the progress line is. */
export interface PictureTarget extends Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * A condensed set in the terminal, its first picture of every class, redrawn in its place while it is made. Nothing is drawn
 * before the end where the output is no terminal.
 */
export class LivePicture {
  private drawn = 0;

  constructor(private readonly target: PictureTarget = process.stderr) {}

  /** Draws a set in the place of the one before; the cursor must be where the last call left it, or on the line below in whole. */
  show(set: CondensedSet): void {
    if (!this.target.isTTY) return;
    const above = this.drawn > 0 ? `\x1b[${this.drawn}A` : "";
    const lines = this.lines(set);
    this.target.write(`\r\x1b[K${above}${lines.map((line) => `${line}\x1b[K\n`).join("")}`);
    this.drawn = lines.length;
  }

  /** The lines that {@link show} draws. */
  lines(set: CondensedSet): string[] {
    const first = pictures(set).filter(({ k }) => k === 0);
    const columns = Math.min(this.target.columns ?? 80, 80);
    return [
      ...terminalPicture(
        first.map(({ image }) => image),
        columns,
        coloursOf(this.target),
      ),
      "",
    ];
  }
}
