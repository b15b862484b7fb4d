import type { DatasetInfo } from "../data/datasetInfo.ts";
import { AttarError } from "../engine/index.ts";
import type { Recipe } from "../hypotheses/index.ts";

/** @throws AttarError "bad-combination" where networks of a dataset cannot be trained under their recipe's adversary */
export function checkAdversaryServes({ name, target, whitened }: DatasetInfo, { adversary }: Recipe): void {
  if (!adversary || !(target || whitened)) return;
  throw new AttarError(
    "bad-combination",
    target
      ? `adversarial training raises the loss of a class, and of ${name} numbers are predicted`
      : `adversarial training perturbs pixels, and ${name} is whitened`,
    "leave hypotheses.adversary out, or --adversarial",
  );
}
