import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { sumOverSamples, valueAndGradients } from "../../../engine/index.ts";
import { type AngularForm, flatPoints, innerProducts, squaredNorms } from "../../kernels/kernel.ts";
import type { NamedTraced } from "../innerLoss.ts";
import type { TracedFixed, TracedReal } from "./passes.ts";
import type { KernelRidgeOptions, PredictionLoss } from "./ridge.ts";

/** The margin of a cosine within which parallel points are parallel in float32, too. */
const rounding = 5e-7;

/**
 * The loss through k(T, S) of a kernel of one angle, k = b + |x̃||ỹ| g(φ), and its derivatives. Lengths leave the matrix for its narrow
 * side, K α = b 1ᵀα + |x̃| (G (|ỹ| α)), so of the N x M entries only g, its slope g′ and W = P̄ αᵀ ∘ g′ are computed, P̄ the cotangent of the
 * predictions. The derivative in x·y is W; that in y·y needs no more, for |ỹ| acts through
 *
 *   Σᵢ K̄ᵢⱼ (kᵢⱼ − b) = Σ_c αⱼ_c |ỹⱼ| (Gᵀ |x̃| P̄)ⱼ_c  and  Σᵢ Wᵢⱼ x̃ᵢ·ỹⱼ.
 */
export function angularLoss(
  { weight, bias, scale, offset, profile }: AngularForm,
  loss: PredictionLoss,
  options: { name: string; executor?: KernelRidgeOptions["executor"] },
) {
  return sumOverSamples(({ images, alpha, learned, share }: TracedFixed, real: TracedReal) => {
    const [s, t] = [flatPoints(images), flatPoints(real.images)];
    const [n, length] = s.shape as [number, number];
    const perProduct = weight / length;
    const norms = (x: Traced) => np.sqrt(squaredNorms(x).mul(perProduct).add(bias)).reshape([-1, 1]);
    const [sNorm, tNorm] = [norms(s.ref), norms(t.ref)];
    const inverse = np.reciprocal(sNorm.ref);
    const opposite = s.mul(inverse.ref.mul(-perProduct));
    const along = innerProducts(t.ref, opposite).add(inverse.ref.mul(-bias).reshape([1, n]));
    const cosine = np.clip(along.div(tNorm.ref.mul(1 - rounding)), -1, 1);
    const { value: g, slope } = profile(cosine.ref);

    const scaled = alpha.ref.mul(scale);
    const [offsets, stretched] = [np.sum(alpha, 0, { keepdims: true }).mul(offset), scaled.ref.mul(sNorm.ref)];
    const predictions = np.matmul(g.ref, stretched.ref).mul(tNorm.ref).add(offsets);
    const ofPredictions = (p: Traced, l: NamedTraced) => loss(p, real.labels, l).mul(share);
    const [mean, [bar, inLearned]] = valueAndGradients(ofPredictions)(predictions, learned);

    const pulled = np.matmul(g.transpose(), bar.ref.mul(tNorm.ref));
    const inAlpha = pulled.ref.mul(sNorm.mul(scale)).add(np.sum(bar.ref, 0, { keepdims: true }).mul(offset));
    const w = np.matmul(bar, scaled.transpose()).mul(slope);
    // −Σᵢ Wᵢⱼ x̃ᵢ·ỹⱼ / |ỹⱼ|
    const against = np.matmul(tNorm.transpose(), w.ref.mul(cosine)).reshape([n, 1]);
    const lengths = np.sum(stretched.mul(pulled), 1, { keepdims: true });
    const inSquares = lengths
      .mul(inverse.ref)
      .add(against)
      .mul(inverse)
      .mul(perProduct / 2);
    const rows = np.matmul(w.transpose(), t).mul(perProduct);
    return { loss: mean, alpha: inAlpha, learned: inLearned, points: { rows, squares: inSquares.reshape([-1]) } };
  }, options);
}
