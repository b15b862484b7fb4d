import { existsSync, readFileSync } from "node:fs";
import { encodeCondensed } from "../../data/condensedSet.ts";
import type { CondensedSet, Dataset } from "../../data/dataset.ts";
import { encodeSafetensors } from "../../data/formats/safetensors.ts";
import type { ExportOutput } from "../../data/node/exportSet.node.ts";
import { outputsOf } from "../../data/valuesTarget.ts";
import { AttarError } from "../../engine/index.ts";
import { buildNetwork, networkText } from "../../hypotheses/index.ts";
import { adapted } from "../adapt.ts";
import { checkFit } from "../checkFit.ts";
import type { Training } from "../trainingRecipe.ts";

/** The networks that train.py builds. */
export const networksOfScript: readonly string[] = [
  "convnet",
  "mlp",
  "linear",
  "convnet1d",
  "lenet",
  "alexnet",
  "vgg11",
  "resnet18",
];

/**
 * A folder that PyTorch trains on: `train.py`, which needs PyTorch and safetensors alone, `recipe.json` for it, the set as
 * `condensed.safetensors`, and where a dataset is given `test.safetensors`, its test split in stored values with what normalises
 * them.
 *
 * @throws AttarError "unknown-network" for a network that train.py does not know, "input-too-small" for one that does not admit the
 * samples, "set-does-not-fit" and "unknown-scale" for a dataset that is not the set's, "no-test-split"
 */
export function pytorchFiles(set: CondensedSet, { network, recipe }: Training, test?: Dataset): ExportOutput {
  if (!networksOfScript.includes(network.name))
    throw new AttarError(
      "unknown-network",
      `train.py does not know the network ${networkText(network)}: it builds ${networksOfScript.join(", ")}`,
      "export with one of them: --net convnet",
    );
  buildNetwork(network, set.shape, outputsOf(set));
  const files = new Map([
    ["train.py", script()],
    ["recipe.json", new TextEncoder().encode(`${JSON.stringify(recipe, undefined, 2)}\n`)],
    ["condensed.safetensors", encodeCondensed(set)],
  ]);
  const places = ["train.py", "recipe.json", "condensed.safetensors", "test.safetensors"];
  if (test) files.set("test.safetensors", testFile(set, test));
  return { places, files };
}

/**
 * The test split of a dataset as .safetensors: `images` [n, C, H, W] as they are stored, `labels` int64 [n] or standardised
 * `values` float32 [n, k]; in the metadata scale, mean and std.
 */
function testFile(set: CondensedSet, dataset: Dataset): Uint8Array {
  checkFit(set, dataset);
  const { test, normalisation, name } = adapted(dataset, set);
  const count = test.labels.length;
  if (count === 0)
    throw new AttarError(
      "no-test-split",
      `${name} has no test split to write`,
      "leave --on out, or name a dataset that has one",
    );
  const { scale, mean, std } = normalisation;
  return encodeSafetensors(
    {
      images: { shape: [count, ...set.shape], data: test.images },
      ...(set.target && test.values
        ? { values: { shape: [count, set.target.names.length], data: test.values } }
        : { labels: { shape: [count], data: BigInt64Array.from(test.labels, BigInt) } }),
    },
    { dataset: name, scale: JSON.stringify(scale), mean: JSON.stringify(mean), std: JSON.stringify(std) },
  );
}

/** The program, which is shipped beside the sources. */
function script(): Uint8Array {
  const beside = new URL("../pytorch/train.py", import.meta.url);
  const source = new URL("../../../src/evaluate/pytorch/train.py", import.meta.url);
  return new Uint8Array(readFileSync(existsSync(beside) ? beside : source));
}
