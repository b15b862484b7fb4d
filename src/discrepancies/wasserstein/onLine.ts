/**
 * WM_p^p of two measures on the line, Σ |F⁻¹ − G⁻¹|^p over the pieces on which both quantile functions are constant: the
 * monotone coupling is optimal for every p >= 1.
 *
 * @param x n sorted coordinates with weights a, @param y m sorted ones with weights b; each side of sum 1. Without weights
 * every atom of a side counts the same.
 */
export function transportOnLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  p: number,
  a?: ArrayLike<number>,
  b?: ArrayLike<number>,
): number {
  const n = x.length;
  const m = y.length;
  let total = 0;
  let i = 0;
  let j = 0;
  let left = a ? a[0]! : 1 / n;
  let right = b ? b[0]! : 1 / m;
  while (i < n && j < m) {
    const mass = Math.min(left, right);
    const gap = Math.abs(x[i]! - y[j]!);
    total += mass * (p === 1 ? gap : p === 2 ? gap * gap : gap ** p);
    const whole = left <= right;
    const other = right <= left;
    if (!whole) left -= mass;
    if (!other) right -= mass;
    if (whole) {
      i++;
      left = a ? a[i]! : 1 / n;
    }
    if (other) {
      j++;
      right = b ? b[j]! : 1 / m;
    }
  }
  return total;
}
