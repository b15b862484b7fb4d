import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { AttarError } from "../../engine/errors.ts";
import type { SetFacts } from "../../evaluate/protocol.ts";
import { checkReadable, type ReadingSpec } from "../../evaluate/readings/index.ts";
import { infiniteNetworkNamed, type NetworkSpec, networkText } from "../../hypotheses/index.ts";

/**
 * The reason why a reading cannot be had of networks that are trained on a set; undefined where it can. A set whose labels are values
 * has networks without probabilities, and is scored by the other readings all the same.
 */
export function unreadable(
  reading: ReadingSpec,
  network: NetworkSpec,
  { loss }: Pick<SetFacts, "loss">,
  { target }: Pick<DatasetInfo, "target">,
): string | undefined {
  const infinite = infiniteNetworkNamed(network.name) !== undefined;
  const values = infinite || target !== undefined || loss === "squared-error";
  try {
    checkReadable(
      [reading],
      networkText(network),
      values ? "values" : "logits",
      !infinite,
      "it is trained on values",
      target,
    );
    return undefined;
  } catch (error) {
    if (error instanceof AttarError) return error.message;
    throw error;
  }
}
