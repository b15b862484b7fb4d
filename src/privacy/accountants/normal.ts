/**
 * The complementary error function and the normal distribution, in float64 to its last digits: tails of 1e-10 are what
 * accountants are about. Rational approximations of Cody (1969), whose relative error is below 1e-15.
 */

const [centreTop, centreBottom] = [
  [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315],
  [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
] as const;
const [middleTop, middleBottom] = [
  [
    0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
    2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
  ],
  [
    15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
    3439.3676741437216, 1230.3393548037495,
  ],
] as const;
const [tailTop, tailBottom] = [
  [
    0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
    0.016315387137302097,
  ],
  [2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
] as const;

/** Cody's quotient: the last coefficient above leads, and all below but a leading 1 are given. */
function quotient(top: readonly number[], bottom: readonly number[], x: number): number {
  const last = bottom.length - 1;
  let numerator = top.at(-1)! * x;
  let denominator = x;
  for (let i = 0; i < last; i++) {
    numerator = (numerator + top[i]!) * x;
    denominator = (denominator + bottom[i]!) * x;
  }
  return (numerator + top[last]!) / (denominator + bottom[last]!);
}

/** exp(x²) erfc(x) for x ≥ 0.46875. */
function scaledTail(x: number): number {
  if (x <= 4) return quotient(middleTop, middleBottom, x);
  const inverse = 1 / (x * x);
  return (1 / Math.sqrt(Math.PI) - inverse * quotient(tailTop, tailBottom, inverse)) / x;
}

/** exp(−x²), the square taken in two parts, so that its rounding is not magnified. */
function gauss(x: number): number {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** erfc(x) = 1 − erf(x). */
export function erfc(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return 1 - x * quotient(centreTop, centreBottom, x * x);
  const tail = size > 27 ? 0 : gauss(size) * scaledTail(size);
  return x < 0 ? 2 - tail : tail;
}

/** ln erfc(x), also where erfc(x) is too small to be a number. */
export const logErfc = (x: number): number => (x > 1 ? Math.log(scaledTail(x)) - x * x : Math.log(erfc(x)));

/** Φ(x), the share of a standard normal distribution below x. */
export const normalBelow = (x: number): number => erfc(-x / Math.SQRT2) / 2;

/** ln Φ(x). */
export const logNormalBelow = (x: number): number =>
  x > 0 ? Math.log1p(-erfc(x / Math.SQRT2) / 2) : logErfc(-x / Math.SQRT2) - Math.LN2;
