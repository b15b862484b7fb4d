import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";

/** −Σₖ yₖ log softmax(h)ₖ of every row of logits h [n, K] and targets y [n, K]: [n]. Consumes both. */
export const crossEntropies = (logits: Traced, targets: Traced): Traced =>
  np.sum(targets.mul(nn.logSoftmax(logits, -1)), 1).mul(-1);

/** The cross-entropy summed over all rows; a scalar. Consumes both. */
export const crossEntropy = (logits: Traced, targets: Traced): Traced =>
  np.sum(targets.mul(nn.logSoftmax(logits, -1))).mul(-1);
