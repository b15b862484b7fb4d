import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { type OptionValue, randomKey, Tensor } from "../../engine/index.ts";
import { convnet } from "../../hypotheses/index.ts";
import { type BilevelMethod, bptt, mtt, nsd, ratBptt } from "../../methods/index.ts";
import { resolveConfiguration } from "../configuration.ts";
import { Bilevel } from "./bilevel.ts";

interface Case {
  readonly name: string;
  readonly method: BilevelMethod;
  readonly settings?: Record<string, OptionValue>;
  readonly augmentation?: string;
}

/** Smooth networks: the loss has a slope everywhere. */
async function loopOf({ method, settings = {}, augmentation = "none" }: Case) {
  const dataset = await tinyDataset();
  const network = convnet({ depth: 2, width: 4, activation: "swish" });
  const options = { ipc: 2, steps: 9, realBatch: 6, network, augmentation, settings };
  return new Bilevel(dataset, resolveConfiguration(dataset, method, options));
}

const moved = (t: Tensor, along: Float32Array, by: number) =>
  new Tensor(
    (t.data as Float32Array).map((v, i) => v + by * along[i]!),
    t.shape,
    "float32",
  );

const experts = {
  "hypotheses.networks": 1,
  "hypotheses.expertEpochs": 2,
  "hypotheses.images": 20,
  "hypotheses.batch": 5,
  "hypotheses.learningRate": 0.1,
  "hypotheses.latest": 0,
  "hypotheses.augmented": false,
  "solver.steps": 4,
  "solver.batch": 1,
};

const cases: Case[] = [
  {
    // Adam's first steps are all but signs, and have no slope to speak of: golden/solvers holds its derivative.
    name: "rat-bptt by SGD, the window all of the training",
    method: ratBptt,
    settings: { "solver.steps": 3, "solver.window": 3, "solver.optimizer": "sgd", "solver.learningRate": 0.1 },
  },
  { name: "mtt", method: mtt, settings: experts },
  {
    name: "mtt with each step alone",
    method: { ...mtt, solver: { name: "detached" } },
    settings: { ...experts, "solver.steps": 1, "solver.form": "plain", "solver.rates": "shared" },
  },
  { name: "nsd", method: nsd, settings: { ...experts, "synthetic.kernels": 2, "synthetic.rank": 0.4 } },
  { name: "bptt", method: bptt, settings: { "solver.steps": 4 } },
  {
    name: "one rate for all steps, as it is",
    method: bptt,
    settings: { "solver.steps": 4, "solver.rates": "shared", "solver.form": "plain" },
  },
  {
    name: "multi-formation and learned labels",
    method: bptt,
    settings: { "solver.steps": 3, "synthetic.factor": 2, "labels.learned": true },
  },
  {
    name: "labels through a softmax, squared errors",
    method: bptt,
    settings: {
      "solver.steps": 3,
      "labels.learned": true,
      "labels.form": "softmax",
      "criterion.loss": "squared-error",
    },
  },
  { name: "augmentation", method: bptt, settings: { "solver.steps": 2 }, augmentation: "siamese" },
  {
    name: "momentum and random batches",
    method: bptt,
    settings: { "solver.steps": 4, "solver.momentum": 0.9, "solver.order": "random" },
  },
];

describe("the gradient of a bilevel step is the slope of its loss", () => {
  test.each(cases.map((c) => [c.name, c] as const))("%s", async (_, entry) => {
    const loop = await loopOf(entry);
    const { variables } = await loop.start();
    const at = async (values: typeof variables) => loop.lossAt({ step: 0, variables: values, hypotheses: {} });
    const { gradient } = await at(variables);
    for (const [name, t] of Object.entries(variables)) {
      // Uphill in every element, by random amounts: rounding of the loss stays small against its slope.
      const own = gradient[name]!.data;
      const along = randomKey(5)
        .fold(name)
        .normal(t.data.length)
        .map((v, i) => Math.abs(v) * Math.sign(own[i]!));
      const h = name === "rates" ? 1e-2 : 3e-3;
      const [up, down] = [
        await at({ ...variables, [name]: moved(t, along, h) }),
        await at({ ...variables, [name]: moved(t, along, -h) }),
      ];
      const slope = (up.loss - down.loss) / (2 * h);
      const wanted = along.reduce((sum, v, i) => sum + v * own[i]!, 0);
      expect(Math.abs(wanted / slope - 1), `${name}: ${wanted} for a slope of ${slope}`).toBeLessThan(2e-3);
    }
    loop.dispose();
  });
});
