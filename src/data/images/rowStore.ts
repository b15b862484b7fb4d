import { badData } from "../badData.ts";
import type { Pixels } from "./pixels.ts";

/**
 * The pixels of many images in one array, each at its place. Grey takes a third of the memory until an image has colours, and
 * words of 16 bits come where an image has them; what was stored before is widened then.
 */
export class RowStore {
  private channels: 1 | 3 = 1;
  private data: Uint8Array | Uint16Array;
  /** The images that may have been stored: positions below it. */
  private filled = 0;

  /** @throws AttarError "bad-data" where the pixels would take more than `most` bytes */
  constructor(
    private readonly count: number,
    private readonly height: number,
    private readonly width: number,
    private readonly most: number,
    private readonly where: string,
  ) {
    this.check(1);
    this.data = new Uint8Array(count * this.plane);
  }

  private get plane(): number {
    return this.height * this.width;
  }

  private check(bytes: number): void {
    const { count, plane, most, where, height, width } = this;
    const needed = count * plane * bytes;
    if (needed > most)
      throw badData(
        where,
        `${count} images of ${width} x ${height} pixels take ${needed} bytes, more than the ${most} there are`,
        "A smaller size takes less: --size 32",
      );
  }

  /** Stores an image [channels, height, width] at its place. */
  put(index: number, { channels, data }: Pixels): void {
    if (channels === 3 && this.channels === 1) this.toColour();
    if (data instanceof Uint16Array && this.data instanceof Uint8Array) this.toWords();
    const { plane } = this;
    const gain = this.data instanceof Uint16Array && data instanceof Uint8Array ? 257 : 1;
    const start = index * this.channels * plane;
    if (gain === 1 && channels === this.channels) this.data.set(data, start);
    else
      for (let c = 0; c < this.channels; c++) {
        const from = Math.min(c, channels - 1) * plane;
        for (let p = 0; p < plane; p++) this.data[start + c * plane + p] = data[from + p]! * gain;
      }
    this.filled = Math.max(this.filled, index + 1);
  }

  private toColour(): void {
    const words = this.data instanceof Uint16Array;
    this.check(words ? 6 : 3);
    const { plane, count } = this;
    const out = words ? new Uint16Array(3 * count * plane) : new Uint8Array(3 * count * plane);
    for (let i = 0; i < this.filled; i++) {
      const image = this.data.subarray(i * plane, (i + 1) * plane);
      for (let c = 0; c < 3; c++) out.set(image, (3 * i + c) * plane);
    }
    this.channels = 3;
    this.data = out;
  }

  private toWords(): void {
    this.check(2 * this.channels);
    const out = new Uint16Array(this.data.length);
    for (let i = 0; i < this.filled * this.channels * this.plane; i++) out[i] = this.data[i]! * 257;
    this.data = out;
  }

  /** All images but those at some positions, closed up. */
  packed(without: readonly number[]) {
    const { channels, height, width, data } = this;
    const row = channels * this.plane;
    let kept = this.count;
    if (without.length > 0) {
      const gone = new Set(without);
      kept = 0;
      for (let i = 0; i < this.count; i++) if (!gone.has(i)) data.copyWithin(kept++ * row, i * row, (i + 1) * row);
    }
    return { count: kept, channels, height, width, data: kept === this.count ? data : data.subarray(0, kept * row) };
  }
}
