/**
 * The scaled confidence of a label, φ = z_y − ln Σ_{k≠y} e^{z_k} (Carlini et al. 2022): the logit of the label's probability,
 * from outputs themselves, never from a rounded softmax.
 *
 * @param outputs [n, classes]
 * @param into φ of the n samples is added to it, times `weight`
 */
export function addConfidences(
  outputs: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  into: Float64Array,
  weight = 1,
): void {
  for (let i = 0; i < labels.length; i++) {
    const [row, y] = [i * classes, labels[i]!];
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) if (k !== y) most = Math.max(most, outputs[row + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) if (k !== y) sum += Math.exp(outputs[row + k]! - most);
    into[i] = into[i]! + weight * (outputs[row + y]! - most - Math.log(sum));
  }
}

/** The probability whose logit is φ. */
export const probabilityOf = (confidence: number): number => 1 / (1 + Math.exp(-confidence));
