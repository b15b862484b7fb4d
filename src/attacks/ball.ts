/** The norms in which a perturbation is measured. */
export const norms = ["linf", "l2"] as const;

export type Norm = (typeof norms)[number];

/** The perturbations that an attack may choose from: ‖δ‖ ≤ radius, in pixels from black at 0 to white at 1. */
export interface Ball {
  readonly norm: Norm;
  readonly radius: number;
}

/** The norm of the difference of rows [from, from + d) of two arrays. */
export function distance(norm: Norm, a: Float64Array, b: Float64Array, from: number, d: number): number {
  let found = 0;
  for (let j = from; j < from + d; j++) {
    const gap = Math.abs(a[j]! - b[j]!);
    found = norm === "linf" ? Math.max(found, gap) : found + gap * gap;
  }
  return norm === "linf" ? found : Math.sqrt(found);
}

/** The least value that a pixel may take: 0, or the image's own where that is below. */
export const floorOf = (own: number): number => Math.min(0, own);

/** The largest value that a pixel may take: 1, or the image's own where that is above. */
export const ceilingOf = (own: number): number => Math.max(1, own);

/** A value brought between black and white. */
export const boxed = (value: number, own: number): number => Math.min(ceilingOf(own), Math.max(floorOf(own), value));

/**
 * Brings rows [from, from + d) of `x` into the ball around those of `origin` and between black and white. What is clipped moves
 * towards the image, which lies between them, so that it stays in the ball.
 */
export function project({ norm, radius }: Ball, origin: Float64Array, x: Float64Array, from: number, d: number): void {
  if (norm === "linf") {
    for (let j = from; j < from + d; j++) {
      const own = origin[j]!;
      x[j] = boxed(Math.min(own + radius, Math.max(own - radius, x[j]!)), own);
    }
    return;
  }
  const length = distance("l2", x, origin, from, d);
  const share = length > radius ? radius / length : 1;
  for (let j = from; j < from + d; j++) {
    const own = origin[j]!;
    x[j] = boxed(own + share * (x[j]! - own), own);
  }
}

/**
 * Moves rows [from, from + d) of `x` by `length` along the steepest ascent of the norm: the gradient's signs for L∞, its direction
 * for L2. A gradient of zero moves nothing.
 */
export function ascend(
  norm: Norm,
  x: Float64Array,
  gradient: Float64Array,
  length: number,
  from: number,
  d: number,
): void {
  if (norm === "linf") {
    for (let j = from; j < from + d; j++) x[j]! += length * Math.sign(gradient[j]!);
    return;
  }
  let squares = 0;
  for (let j = from; j < from + d; j++) squares += gradient[j]! ** 2;
  const scale = length / (Math.sqrt(squares) + 1e-12);
  for (let j = from; j < from + d; j++) x[j]! += scale * gradient[j]!;
}
