/** True where the label's logit is above all others, as accuracy counts: a tie is wrong, and so is what is no number. */
export function isRight(logits: Float64Array, i: number, label: number, classes: number): boolean {
  const own = logits[i * classes + label]!;
  for (let k = 0; k < classes; k++) if (k !== label && !(logits[i * classes + k]! < own)) return false;
  return !Number.isNaN(own);
}

/** The positions of the points that are classified rightly. */
export function rightOnes(logits: Float64Array, labels: Int32Array, classes: number): number[] {
  return Array.from(labels, (_, i) => i).filter((i) => isRight(logits, i, labels[i]!, classes));
}

/** The classes of a row of logits from the largest logit down; of equal ones the higher class first. */
export function classesByLogit(logits: Float64Array, i: number, classes: number): number[] {
  const own = logits.subarray(i * classes, (i + 1) * classes);
  return Array.from(own, (_, k) => k).sort((a, b) => own[b]! - own[a]! || b - a);
}
