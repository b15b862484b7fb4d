import type { Dataset } from "../../data/dataset.ts";
import { normaliseBatch } from "../../data/normaliseBatch.ts";
import type { ValuesTarget } from "../../data/valuesTarget.ts";
import { AttarError, type RandomKey, Tensor } from "../../engine/index.ts";
import { type LabelledBatch, networkText } from "../../hypotheses/index.ts";
import type { Samples, TrainedNetwork } from "./reading.ts";
import { type ReadingSpec, readingNamed, readingText, readings as registered, valueName } from "./registry.ts";

/** Images that pass through a network together. */
const batch = 1000;

/** The test split as samples of one network: its outputs are computed once, however many readings ask. */
function testSamples(dataset: Dataset, network: TrainedNetwork, signal?: AbortSignal): Samples {
  const { labels, values } = dataset.test;
  const { target } = dataset;
  async function* batches(): AsyncGenerator<LabelledBatch> {
    for (let at = 0; at < labels.length; at += batch) {
      signal?.throwIfAborted();
      const ids = Array.from({ length: Math.min(batch, labels.length - at) }, (_, i) => at + i);
      yield { images: await normaliseBatch(dataset, "test", ids), labels: labels.subarray(at, at + batch) };
    }
  }
  const pass = async () => {
    const parts: Tensor[] = [];
    for await (const { images } of batches()) parts.push(await network.predict(images));
    return Tensor.concat(parts);
  };
  let outputs: Promise<Tensor> | undefined;
  return {
    dataset,
    signal,
    labels,
    ...(target && values && { target, values }),
    classes: dataset.classes.length,
    batches,
    outputs() {
      outputs ??= pass();
      return outputs;
    },
  };
}

/** The names of all values that readings yield on a dataset's test split. */
export function namesOfValues(readings: readonly ReadingSpec[], dataset: Dataset): string[] {
  const { target } = dataset;
  const { labels } = dataset.test;
  const samples = { labels, classes: dataset.classes.length, shape: dataset.shape, ...(target && { target }) };
  return readings.flatMap((spec) =>
    readingNamed(spec.name)
      .names(samples, spec.options)
      .map((value) => valueName(spec, value)),
  );
}

/**
 * Takes readings of one trained network on the dataset's test split, in one pass over it.
 *
 * @param onReading told how long each reading took; the first one's time has the pass over the test split in it
 * @returns values by name, as {@link namesOfValues} has them
 * @throws AttarError "diverged" (exit code 3) where a value is no finite number. Rejects with the signal's reason when aborted.
 */
export async function read(
  readings: readonly ReadingSpec[],
  network: TrainedNetwork,
  dataset: Dataset,
  key: RandomKey,
  signal?: AbortSignal,
  onReading?: (reading: string, seconds: number) => void,
): Promise<Record<string, number>> {
  const samples = testSamples(dataset, network, signal);
  const values: Record<string, number> = {};
  for (const spec of readings) {
    const began = performance.now();
    const found = await readingNamed(spec.name).of(network, samples, spec.options, key.fold(spec.name));
    onReading?.(readingText(spec), (performance.now() - began) / 1000);
    for (const [name, value] of Object.entries(found)) {
      if (!Number.isFinite(value))
        throw new AttarError(
          "diverged",
          `the ${name} of ${networkText(network.spec)} is ${value}: its outputs are no finite numbers`,
          `leave ${spec.name} out, or train with fewer epochs or a lower learning rate`,
          3,
        );
      values[valueName(spec, name)] = value;
    }
  }
  return values;
}

const readingNames = (target: "classes" | "values") =>
  registered.filter((reading) => reading.target === target).map(({ name }) => name);

/**
 * Refuses readings of another target, those of a distribution over classes where a network's outputs are values, and those of
 * gradients where it has no weights.
 *
 * @param weights whether the network has weights to differentiate by
 * @param why what makes the outputs values
 * @param target the numbers that are predicted, where they are
 * @throws AttarError "bad-combination"
 */
export function checkReadable(
  readings: readonly ReadingSpec[],
  net: string,
  outputs: TrainedNetwork["outputs"],
  weights: boolean,
  why: string,
  target?: ValuesTarget,
): void {
  const wanted = target ? "values" : "classes";
  const odd = readings.find(({ name }) => readingNamed(name).target !== wanted);
  if (odd)
    throw new AttarError(
      "bad-combination",
      `${odd.name} reads networks that ${target ? "classify" : "predict numbers"}, and here ${target ? `numbers are predicted (${target.names.join(", ")})` : "classes are"}`,
      `--readings ${readingNames(wanted).join(",")}`,
    );
  const differentiated = !weights && readings.find(({ name }) => readingNamed(name).needsWeights);
  if (differentiated)
    throw new AttarError(
      "bad-combination",
      `${differentiated.name} follows the gradient of a network, and ${net} has a kernel in place of one`,
      "--nets convnet",
    );
  const refused = outputs === "values" && readings.find(({ name }) => readingNamed(name).needsLogits);
  if (!refused) return;
  const others = readings.filter(({ name }) => !readingNamed(name).needsLogits).map(({ name }) => name);
  throw new AttarError(
    "bad-combination",
    `${refused.name} reads probabilities of classes, and ${net} has none: ${why}`,
    `--readings ${others.join(",")}`,
  );
}
