import type { Images } from "../../src/studio/contract.ts";

/** A set as it was after a step. */
export interface Frame {
  readonly step: number;
  readonly images: Images;
}

/** Bytes of pictures that are kept; of more, every second frame goes. */
const most = 64 * 2 ** 20;

/** The frames of a run, by step. */
export class Frames {
  private list: Frame[] = [];
  private bytes = 0;

  add(step: number, images: Images): void {
    const last = this.list.at(-1);
    if (last && last.step >= step) this.list = this.list.filter((frame) => frame.step < step);
    this.list.push({ step, images });
    this.bytes = this.list.reduce((sum, frame) => sum + frame.images.data.length, 0);
    while (this.bytes > most && this.list.length > 4) this.thin();
  }

  /** The last frame at or before a step; the first where none is. */
  at(step: number): Frame | undefined {
    return this.list.findLast((frame) => frame.step <= step) ?? this.list[0];
  }

  get count(): number {
    return this.list.length;
  }

  get steps(): readonly number[] {
    return this.list.map(({ step }) => step);
  }

  clear(): void {
    this.list = [];
    this.bytes = 0;
  }

  /** Drops every second frame, but not the first and the last. */
  private thin(): void {
    const end = this.list.length - 1;
    this.list = this.list.filter((_, i) => i % 2 === 0 || i === end);
    this.bytes = this.list.reduce((sum, frame) => sum + frame.images.data.length, 0);
  }
}
