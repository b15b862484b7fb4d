import { ceilingOf, floorOf, type Norm } from "./ball.ts";

/** Weights below this do not take part, for they would move a pixel without bound. */
const flat = 1e-8;

/**
 * The least move δ of a point that brings it to a hyperplane {z : ⟨w, z⟩ + c = 0} with every pixel between black and white, in
 * L∞ or L2 (Croce and Hein 2020, FAB): each pixel moves by λ (L∞) or λ |w_j| (L2) against the sign of w, at most to its end.
 * λ is the root of a concave function, a line between pixels' ends: Newton's method from its first line finds it in finitely many
 * steps. Where the hyperplane is out of reach every pixel goes to its end.
 *
 * @param value ⟨w, point⟩ + c @param own the image, whose pixels may lie beyond black and white
 */
export function towards(
  norm: Norm,
  point: Float64Array,
  own: Float64Array,
  w: Float64Array,
  value: number,
): Float64Array {
  const d = point.length;
  // A point on the hyperplane counts as on its positive side.
  const side = value >= 0 ? 1 : -1;
  const gap = Math.abs(value);
  const room = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    if (!takesPart(norm, w[j]!)) continue;
    const falls = w[j]! * side > 0;
    room[j] = Math.max(0, falls ? point[j]! - floorOf(own[j]!) : ceilingOf(own[j]!) - point[j]!);
  }
  const pull = (j: number) => (norm === "linf" ? 1 : Math.abs(w[j]!));
  let lambda = 0;
  for (let passes = 0; passes <= d; passes++) {
    let [slope, ended] = [0, 0];
    for (let j = 0; j < d; j++) {
      if (!takesPart(norm, w[j]!)) continue;
      if (lambda * pull(j) >= room[j]! && lambda > 0) ended += Math.abs(w[j]!) * room[j]!;
      else slope += Math.abs(w[j]!) * pull(j);
    }
    if (slope === 0) {
      lambda = Number.POSITIVE_INFINITY;
      break;
    }
    const next = (gap - ended) / slope;
    if (!(next > lambda)) break;
    lambda = next;
  }
  return Float64Array.from(w, (weight, j) => {
    if (!takesPart(norm, weight)) return 0;
    return -Math.sign(weight * side) * Math.min(lambda * pull(j), room[j]!);
  });
}

const takesPart = (norm: Norm, weight: number): boolean => (norm === "linf" ? weight !== 0 : Math.abs(weight) > flat);
