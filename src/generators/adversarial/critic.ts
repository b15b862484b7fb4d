import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import { linear } from "../../hypotheses/layers/linear.ts";
import type { InitialTable, Stage } from "../../hypotheses/layers/stage.ts";

/** How a critic is told of labels: not at all; a head tells the class (AC-GAN); or the score has the product of features and the label's row. */
export type LabelHead = "none" | "auxiliary" | "projection";

/** What a critic says of images. */
export interface Verdict {
  /** [n]. */
  readonly score: Traced;
  /** Logits of classes [n, K] of an auxiliary head. */
  readonly classes?: Traced;
}

/** A critic of images, with or without their labels. */
export interface CriticNetwork {
  readonly parameters: InitialTable;
  /** Consumes all three; labels are one-hot [n, K]. */
  judge(params: TracedParams, images: Traced, labels: Traced): Verdict;
}

/**
 * D(x) = a·φ(x) + b, with the projection of Miyato and Koyama (2018) D(x, y) = a·φ(x) + b + yᵀVφ(x), or with a second head of class
 * logits (Odena et al. 2017).
 */
export function criticNetwork(body: Stage, head: LabelHead, classes: number): CriticNetwork {
  const score = linear("score", 1)(body.output);
  const told = linear(head === "projection" ? "projection" : "class", classes)(body.output);
  const pass = { moments: "batch" } as const;
  return {
    parameters: { ...body.parameters, ...score.parameters, ...(head !== "none" && told.parameters) },
    judge(params, images, labels) {
      const features = body.apply(params, images, pass);
      if (head === "none") {
        labels.dispose();
        return { score: score.apply(params, features, pass).reshape([-1]) };
      }
      const own = score.apply(params, features.ref, pass).reshape([-1]);
      const perClass = told.apply(params, features, pass);
      if (head === "projection") return { score: own.add(np.sum(perClass.mul(labels), 1)) };
      labels.dispose();
      return { score: own, classes: perClass };
    },
  };
}
