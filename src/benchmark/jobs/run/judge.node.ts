import type { Dataset } from "../../../data/dataset.ts";
import { defaultRuntime } from "../../../engine/index.ts";
import { type Classifier, classifierOf } from "../../import/index.node.ts";

let last: { readonly dataset: Dataset; readonly judge: Classifier } | undefined;

/** The network by which labels of sets made elsewhere are judged; the last one is kept, since a study takes in several sets of a dataset. */
export async function judgeOf(dataset: Dataset, signal: AbortSignal): Promise<Classifier> {
  if (last?.dataset === dataset) return last.judge;
  last?.judge.dispose();
  last = undefined;
  const judge = await classifierOf(dataset, { runtime: defaultRuntime(), signal });
  last = { dataset, judge };
  return judge;
}
