/**
 * Probabilities of many tests, adjusted so that one false rejection among all is as rare as the level says (Holm 1979): the i-th
 * smallest of m times m − i, none below those before it, none above one.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
  const out = new Array<number>(p.length);
  let least = 0;
  for (const [i, test] of order.entries()) {
    least = Math.max(least, Math.min(1, p[test]! * (p.length - i)));
    out[test] = least;
  }
  return out;
}
