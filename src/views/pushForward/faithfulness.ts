import { size, type Tensor } from "../../engine/index.ts";
import { checkCodes, type Encoder } from "./encoder.ts";

/** Samples looked at in pairs, and samples reconstructed, at most; the first ones. */
const paired = 600;
const reconstructed = 2000;
/** Codes nearer than this, beside the median distance of codes, are the same code to float32. */
const sameCode = 1e-6;

/**
 * A reading of how nearly g_e is injective on the data (§4, case 1: d vanishes only for equal measures if and only if g_e
 * is injective).
 */
export interface Injectivity {
  readonly samples: number;
  /** Pairs of different samples. */
  readonly pairs: number;
  /** Pairs of different samples with the same code. */
  readonly collisions: number;
  /**
   * Least ‖g_e(x) − g_e(x')‖ / ‖x − x'‖ over the pairs, beside the ratio of the median distances: 1 for an isometry, 0 for
   * a collision.
   */
  readonly contraction: number;
}

/**
 * The distance of g_d∘g_e from the identity on the data (§4, case 3), and so how far the data are from the range of g_d at
 * most (case 2: d can vanish if and only if g_d is surjective).
 */
export interface Reconstruction {
  readonly samples: number;
  /** √(Σ‖x − g_d(g_e(x))‖² / Σ‖x − x̄‖²): 0 reconstructs, 1 is no better than the mean. */
  readonly error: number;
  /** Largest ‖x − g_d(g_e(x))‖ of one sample, beside the root mean square of ‖x − x̄‖. */
  readonly worst: number;
}

/** The distance of given codes from codes that g_e gives (§4, case 3 requires g_e to be surjective). */
export interface Surjectivity {
  readonly samples: number;
  /** Coordinates in which the codes of the data do not vary: g_e reaches no code that differs there. */
  readonly constantCoordinates: number;
  /** √(Σ‖z − g_e(g_d(z))‖² / Σ‖z − z̄‖²) of the given codes: 0 where each of them is the code of its decoded image. */
  readonly error: number;
}

/** Collisions of g_e among the first 600 samples: images [n, C, H, W] and their codes [n, m]. */
export function injectivity(images: Tensor, codes: Tensor): Injectivity {
  const n = Math.min(paired, images.shape[0]!);
  const x = distances(images, n);
  const z = distances(codes, n);
  const [scaleX, scaleZ] = [median(x), median(z)];
  let [pairs, collisions, contraction] = [0, 0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue; // a duplicate, not a collision
    pairs++;
    if (z[i]! <= sameCode * scaleZ) collisions++;
    contraction = Math.min(contraction, z[i]! / scaleZ / (x[i]! / scaleX));
  }
  return { samples: n, pairs, collisions, contraction: scaleZ > 0 && pairs > 0 ? contraction : 0 };
}

/** Reconstruction of the first 2,000 images [n, C, H, W]; undefined for an encoder that has no decoder. */
export async function reconstruction(encoder: Encoder, images: Tensor): Promise<Reconstruction | undefined> {
  if (!encoder.decode) return undefined;
  const some = images.rows(0, Math.min(reconstructed, images.shape[0]!));
  return reconstructionOf(some, await encoder.decode(await encoder.encode(some)));
}

/** The same of images [n, …] and what became of them. */
export const reconstructionOf = (images: Tensor, again: Tensor): Reconstruction => ({
  samples: images.shape[0]!,
  ...relativeError(images, again),
});

/**
 * Surjectivity of g_e as far as data and codes tell.
 *
 * @param reached codes of the data, [n, m]
 * @param given codes that are to be compared with them, [k, m]
 */
export async function surjectivity(encoder: Encoder, reached: Tensor, given: Tensor): Promise<Surjectivity> {
  checkCodes(encoder, given);
  const some = given.rows(0, Math.min(reconstructed, given.shape[0]!));
  const error = encoder.decode
    ? relativeError(some, await encoder.encode(await encoder.decode(some))).error
    : Number.NaN;
  return { samples: some.shape[0]!, constantCoordinates: constantCoordinates(reached), error };
}

function relativeError(points: Tensor, again: Tensor): { error: number; worst: number } {
  const n = points.shape[0]!;
  const d = size(points.shape.slice(1));
  const [x, y] = [points.data, again.data];
  const mean = meanOf(points);
  let [lost, spread, worst] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    let own = 0;
    for (let k = 0; k < d; k++) {
      own += (x[i * d + k]! - y[i * d + k]!) ** 2;
      spread += (x[i * d + k]! - mean[k]!) ** 2;
    }
    lost += own;
    worst = Math.max(worst, own);
  }
  return { error: Math.sqrt(lost / spread), worst: Math.sqrt(worst / (spread / n)) };
}

function constantCoordinates(codes: Tensor): number {
  const [n, m] = codes.shape as [number, number];
  const mean = meanOf(codes);
  const variance = new Float64Array(m);
  for (let i = 0; i < n; i++) for (let k = 0; k < m; k++) variance[k]! += (codes.data[i * m + k]! - mean[k]!) ** 2 / n;
  const largest = variance.reduce((a, b) => Math.max(a, b), 0);
  return variance.filter((v) => v <= 1e-12 * largest).length;
}

function meanOf(points: Tensor): Float64Array {
  const n = points.shape[0]!;
  const d = size(points.shape.slice(1));
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k]! += points.data[i * d + k]! / n;
  return mean;
}

/** ‖p_i − p_j‖ for i < j among the first n points. */
function distances(points: Tensor, n: number): Float64Array {
  const d = size(points.shape.slice(1));
  const { data } = points;
  const out = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) {
        const gap = data[i * d + k]! - data[j * d + k]!;
        sum += gap * gap;
      }
      out[at++] = Math.sqrt(sum);
    }
  return out;
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted.length === 0 ? 0 : sorted[sorted.length >> 1]!;
}
