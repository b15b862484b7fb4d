import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { relative } from "../../../golden/solvers/relative.ts";
import { makeDataset } from "../../data/makeDataset.ts";
import { type OptionValue, Tensor } from "../../engine/index.ts";
import { convnet, type Params, type SourceKind, sources } from "../../hypotheses/index.ts";
import { type BilevelMethod, bptt, mtt, ratBptt } from "../../methods/index.ts";
import { resolveConfiguration } from "../configuration.ts";
import { Bilevel } from "./bilevel.ts";

/** Losses and gradients of golden/methods/objectives_bilevel.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../golden/methods/objectives_bilevel.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: Record<string, number[]> }>;

const [classes, ipc, real] = [3, 2, 4];

async function goldenDataset() {
  const count = classes * real;
  const images = Uint8Array.from({ length: count * 64 }, (_, i) =>
    Math.floor(128 + 100 * Math.sin(0.9 * i + 2.7 * 90 + 0.013 * i * i)),
  );
  const labels = Int32Array.from({ length: count }, (_, i) => Math.floor(i / real));
  const dataset = await makeDataset({
    name: "golden",
    shape: [1, 8, 8],
    classes: ["a", "b", "c"],
    train: { images, labels },
    test: { images, labels },
    scale: 255,
    source: "made in the test",
  });
  return { ...dataset, normalisation: { ...dataset.normalisation, mean: [0.3], std: [0.4] } };
}

/** The golden scripts' weights as hypothesis, and their goal. */
const goldenSource: SourceKind = {
  title: "",
  reference: "",
  options: {},
  most: 1,
  make(_options, network, key) {
    const params = formulaParams(network.init(key));
    const hypothesis = { params, accuracy: 0, target: goalOf(params) };
    return {
      position: (step) => ({ network: step, within: 0 }),
      at: async () => ({ hypotheses: [hypothesis], kept: {} }),
      after: async () => ({}),
      trainedImages: () => 0,
    };
  },
};

function goalOf(params: Params): Params {
  let k = 0;
  return Object.fromEntries(
    Object.entries(params).map(([layer, own]) => [
      layer,
      Object.fromEntries(
        Object.entries(own).map(([name, { data, shape }]) => {
          const away = formulaTensor(shape, 200 + k++).data;
          return [
            name,
            new Tensor(
              (data as Float32Array).map((v, i) => v + 0.02 * away[i]!),
              shape,
              "float32",
            ),
          ];
        }),
      ),
    ]),
  );
}

beforeAll(() => void Object.assign(sources, { golden: goldenSource }));
afterAll(() => void delete (sources as Record<string, unknown>).golden);

const soft: Record<string, OptionValue> = { "labels.learned": true, "labels.form": "softmax" };
const one: Record<string, OptionValue> = {
  "solver.learningRate": 0.05,
  "solver.rates": "shared",
  "solver.form": "plain",
};
const cases: readonly [string, BilevelMethod, Record<string, OptionValue>, string?][] = [
  ["bptt", bptt, { "solver.learningRate": 0.1, "solver.batch": 1 }],
  ["bptt-labels", bptt, { "solver.learningRate": 0.1, "solver.batch": 1, ...soft }],
  [
    "rat-bptt",
    ratBptt,
    { "solver.learningRate": 0.003, "solver.batch": 0, "solver.window": 2, "solver.ends": "end" },
    "none",
  ],
  ["mtt", mtt, { ...one, "solver.batch": 0 }],
  ["mtt-detached", { ...mtt, solver: { name: "detached" } }, { ...one, "solver.batch": 0 }],
];

test.each(cases)(
  "%s: loss and gradients are the formula's in float64",
  async (name, method, settings, normalisation = "instance") => {
    const dataset = await goldenDataset();
    const { presets } = method;
    const { steps, realBatch, imageLearningRate, imageMomentum } = presets.laptop;
    const plain = { ...presets, laptop: { steps, realBatch, imageLearningRate, imageMomentum, "solver.steps": 4 } };
    const configuration = resolveConfiguration(
      dataset,
      { ...method, presets: plain, hypotheses: { name: "golden" as never } },
      {
        ipc,
        realBatch: real,
        augmentation: "none",
        network: convnet({ depth: 2, width: 8, activation: "swish", normalisation: normalisation as "none" }),
        settings,
      },
    );
    const loop = new Bilevel(dataset, configuration);
    const { variables } = await loop.start();
    const images = formulaTensor([classes * ipc, 1, 8, 8], 91);
    const { loss, gradient } = await loop.lossAt({ step: 0, variables: { ...variables, images }, hypotheses: {} });
    loop.dispose();
    const wanted = golden[name]!;
    expect(Math.abs(loss / wanted.loss - 1)).toBeLessThan(1e-5);
    expect(Object.keys(gradient).sort()).toEqual(Object.keys(wanted.gradient).sort());
    for (const [variable, values] of Object.entries(wanted.gradient)) {
      const gap = relative(gradient[variable]!.data, values);
      expect(gap, `${variable}: ${gap}`).toBeLessThan(1e-4);
    }
  },
);
