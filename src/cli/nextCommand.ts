import type { Configuration } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { buildNetwork, type NetworkSpec, networkText, resolveNetwork } from "../hypotheses/index.ts";
import { shellWord } from "./output.ts";
import { pluginWords } from "./pluginWords.ts";

/**
 * The command to type after a run: the one that scores it, with networks that admit the images; where the dataset has no test
 * split, what scoring needs.
 *
 * @param folder the run's, as it was given
 * @param words the dataset with its reading options, as they are typed
 * @param sketched true of a sketch's set: the data set itself is not there
 */
export function nextCommand(
  dataset: Dataset,
  { network, plugins = [] }: Configuration,
  folder: string,
  words: string,
  sketched = false,
): string {
  if (sketched && !dataset.known)
    return `attar evaluate ${shellWord(folder)} --on PATH: the data that the sketch is of`;
  if (!sketched && dataset.test.labels.length === 0)
    return "scoring needs a test split: condense with --test-share 0.2 or --test PATH, or add a test file or folder; then attar evaluate";
  const nets = admits(resolveNetwork(dataset.domain.network), dataset)
    ? ""
    : ` --nets ${shellWord(networkText(fitting(network, dataset)))}${pluginWords(plugins.map(({ path }) => path))}`;
  return `attar evaluate ${shellWord(folder)} --on ${words}${nets}`;
}

const fitting = (network: NetworkSpec, dataset: Dataset): NetworkSpec =>
  admits(network, dataset) ? network : { name: "mlp", options: {} };

/** Tells whether a network can be built for a dataset's images. */
export function admits(network: NetworkSpec, { shape, classes }: Pick<Dataset, "shape" | "classes">): boolean {
  try {
    buildNetwork(network, shape, classes.length);
    return true;
  } catch {
    return false;
  }
}
