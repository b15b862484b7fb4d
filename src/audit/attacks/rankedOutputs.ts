/** Other classes than the label whose probabilities are kept, at most. */
const mostOthers = 9;

/** The numbers that {@link addRanked} gives of a sample. */
export const rankedLength = (classes: number): number => 1 + Math.min(mostOthers, classes - 1);

/**
 * What a classifier of outputs reads of a sample: ln p of its label, then ln p of the other classes, the likeliest first. The
 * likeliest nine where there are more.
 *
 * @param outputs [n, classes]
 * @param into [n, numbers] of {@link rankedLength}; what is found is added to it, times `weight`
 */
export function addRanked(
  outputs: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  into: Float32Array,
  weight = 1,
): void {
  const numbers = rankedLength(classes);
  const others = new Float64Array(classes - 1);
  for (let i = 0; i < labels.length; i++) {
    const [row, y] = [i * classes, labels[i]!];
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) most = Math.max(most, outputs[row + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(outputs[row + k]! - most);
    const log = most + Math.log(sum);
    let at = 0;
    for (let k = 0; k < classes; k++) if (k !== y) others[at++] = log - outputs[row + k]!;
    others.sort();
    into[i * numbers] = into[i * numbers]! + weight * (outputs[row + y]! - log);
    for (let k = 1; k < numbers; k++) into[i * numbers + k] = into[i * numbers + k]! - weight * others[k - 1]!;
  }
}
