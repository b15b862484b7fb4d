import { discreteGaussian } from "./discreteGaussian.ts";
import type { RandomBits } from "./keystream.ts";

/** Steps of the grid in the largest norm of a summand. */
const fineness = 2 ** 20;

/**
 * A sum of clipped summands as whole numbers of a grid: each summand is clipped to norm C and put on the grid alone, so that
 * the sum is exact, and an image more or less changes it by no more than {@link GridSum.sensitivity} whatever the others are.
 */
export class GridSum {
  readonly totals: Float64Array;

  /**
   * @param length numbers in the sum of all groups. @param clip the norm C that a summand has at most
   * @param summand numbers in one summand
   */
  constructor(
    length: number,
    private readonly clip: number,
    private readonly summand: number,
  ) {
    this.totals = new Float64Array(length);
  }

  /** The largest norm of what one summand adds, in steps of the grid: C, and half a step of rounding in every number. */
  get sensitivity(): number {
    return fineness * (1 + 1e-9) + Math.sqrt(this.summand) / 2;
  }

  /** Adds a summand. @param places the place in the sum of each of its numbers, for group 0. @param strides by how much further it is for the next group */
  add(values: Float32Array, places: Int32Array, strides: Int32Array, group: number): void {
    let squares = 0;
    for (const v of values) squares += v * v;
    // A summand that is not finite has no direction, and adds nothing.
    if (!Number.isFinite(squares) || squares === 0) return;
    const factor = (fineness / this.clip) * Math.min(1, this.clip / Math.sqrt(squares));
    for (let i = 0; i < values.length; i++) {
      const at = places[i]! + strides[i]! * group;
      this.totals[at] = this.totals[at]! + Math.round(values[i]! * factor);
    }
  }

  /** The sum with discrete Gaussian noise of σ times its sensitivity, in the units of the summands. */
  async noised(bits: RandomBits, sigma: number): Promise<Float64Array> {
    const noise = await discreteGaussian(bits, this.totals.length, sigma * this.sensitivity);
    return this.totals.map((total, i) => (total + noise[i]!) * (this.clip / fineness));
  }

  /** The sum with float64 noise of the same size: as good for accuracy, but its rounding gives sums away. */
  async floatNoised(bits: RandomBits, sigma: number): Promise<Float64Array> {
    const out = new Float64Array(this.totals.length);
    for (let i = 0; i < out.length; i += 2) {
      if (bits.left < 16) await bits.ensure(16, 8 * (out.length - i) + 16);
      const radius = Math.sqrt(-2 * Math.log((bits.whole() + 1) / 2 ** 53));
      const angle = (2 * Math.PI * bits.whole()) / 2 ** 53;
      out[i] = radius * Math.cos(angle);
      if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
    }
    return out.map((z, i) => (this.totals[i]! + z * sigma * this.sensitivity) * (this.clip / fineness));
  }
}
