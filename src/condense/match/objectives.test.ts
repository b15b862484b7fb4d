import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { type OptionValue, randomKey, Tensor } from "../../engine/index.ts";
import { convnet, oneHot } from "../../hypotheses/index.ts";
import { dc, dm, idc, type MatchMethod } from "../../methods/index.ts";
import { resolveConfiguration } from "../configuration.ts";
import { Comparison } from "./comparison.ts";
import type { RealBatch } from "./realSide.ts";
import { setup } from "./setup.ts";

/** Losses and gradients of golden/methods/objectives.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../golden/methods/objectives.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: number[] }>;

const [classes, each, ipc] = [3, 5, 2];
const unit = { scale: 0.4, offset: 0.5 };
const plain = { scale: 1, offset: 0 };

interface Case {
  readonly golden: string;
  readonly method: MatchMethod;
  readonly settings?: Record<string, OptionValue>;
  readonly pixels?: { scale: number; offset: number };
}

const cases: readonly Case[] = [
  { golden: "dm", method: dm },
  { golden: "dc", method: dc },
  { golden: "idc-l1", method: idc, settings: { "discrepancy.norm": "l1" }, pixels: unit },
  { golden: "idc-squared", method: idc, settings: { "discrepancy.norm": "squared" }, pixels: unit },
  { golden: "dc-set", method: { ...dc, terms: [{ ...dc.terms[0]!, over: "set" }] } },
  {
    golden: "classification",
    method: dm,
    settings: { "tricks.classification": 0.5, "tricks.classification.byAccuracy": true },
  },
];

/** A method's objective on the golden scripts' weights and images, without augmentation. */
async function objective({ method, settings }: Case, activation: "relu" | "swish" = "relu") {
  const data = await tinyDataset();
  const dataset = { ...data, normalisation: { ...data.normalisation, mean: [0.3], std: [0.4] } };
  const network = convnet({ depth: 2, width: 8, activation });
  const options = { ipc, network, augmentation: "none", settings: { "hypotheses.augmented": false, ...settings } };
  if (method.hypotheses.name !== "alternating")
    delete (options.settings as Record<string, OptionValue>)["hypotheses.augmented"];
  const parts = setup(dataset, resolveConfiguration(dataset, method, options));
  const comparison = new Comparison(parts.network, parts.terms, parts.space, false);
  const labels = (n: number) => Int32Array.from({ length: classes * n }, (_, i) => Math.floor(i / n));
  const batch: RealBatch = {
    images: formulaTensor([classes * each, 1, 8, 8], 90),
    members: oneHot(labels(each), classes),
    targets: oneHot(labels(each), classes),
    groups: classes,
    each,
  };
  const n = parts.space.imagesPerClass;
  const targets = oneHot(labels(n), classes).reshape([classes, n, classes]);
  const hypotheses = [{ params: formulaParams(parts.network.init(randomKey(0))), accuracy: 0.75 }];
  return {
    comparison,
    evaluate: (images: Tensor) =>
      comparison.evaluate({ variables: { images }, targets }, batch, { hypotheses, draws: {}, chunks: {} }),
  };
}

describe.each(cases)("$golden", (entry) => {
  const { loss: wanted, gradient } = golden[entry.golden]!;
  const { scale, offset } = entry.pixels ?? plain;
  const start = formulaTensor([classes * ipc, 1, 8, 8], 91, scale, offset);

  test("loss and gradient are the formula's in float64", async () => {
    const { comparison, evaluate } = await objective(entry);
    const result = await evaluate(start);
    expect(Math.abs(result.loss / wanted - 1)).toBeLessThan(1e-5);
    const largest = Math.max(...gradient.map(Math.abs));
    const gap = gradient.reduce((most, g, i) => Math.max(most, Math.abs(g - result.gradient.images!.data[i]!)), 0);
    expect(gap / largest).toBeLessThan(2e-5);
    comparison.dispose();
  });

  test("the gradient is the slope of the loss", async () => {
    // A gradient jumps where a rectifier switches, so a loss of gradients has a slope only under a smooth activation.
    const { comparison, evaluate } = await objective(entry, "swish");
    const along = formulaTensor(start.shape, 92).data as Float32Array;
    const moved = (by: number) =>
      new Tensor(
        Float32Array.from(start.data, (v, i) => v + by * along[i]!),
        start.shape,
        "float32",
      );
    const h = 2e-3;
    const slope = ((await evaluate(moved(h))).loss - (await evaluate(moved(-h))).loss) / (2 * h);
    const { gradient: own } = await evaluate(start);
    const dot = along.reduce((sum, v, i) => sum + v * own.images!.data[i]!, 0);
    expect(Math.abs(dot / slope - 1)).toBeLessThan(1e-2);
    comparison.dispose();
  });
});
