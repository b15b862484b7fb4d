/** Coordinates between two looks at the bound. */
const block = 64;

/**
 * ‖a_i − b_j‖² between row i of `a` and row j of `b`, rows of length d. Once a partial sum exceeds `bound` that partial
 * sum is returned: larger than `bound` all the same, so a search for the nearest row stays exact.
 */
export function squaredDistance(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  d: number,
  bound = Number.POSITIVE_INFINITY,
): number {
  let p = i * d;
  let q = j * d;
  const end = p + d;
  let sum = 0;
  while (p < end) {
    const stop = Math.min(p + block, end);
    let s0 = 0;
    let s1 = 0;
    for (; p + 1 < stop; p += 2, q += 2) {
      const x = a[p]! - b[q]!;
      const y = a[p + 1]! - b[q + 1]!;
      s0 += x * x;
      s1 += y * y;
    }
    if (p < stop) {
      const x = a[p++]! - b[q++]!;
      s0 += x * x;
    }
    sum += s0 + s1;
    if (sum > bound) return sum;
  }
  return sum;
}
