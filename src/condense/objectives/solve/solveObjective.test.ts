import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../../../data/reader.ts";
import { type OptionValue, randomKey, Tensor } from "../../../engine/index.ts";
import { convnet } from "../../../hypotheses/index.ts";
import { type BilevelMethod, bptt, mtt, nsd } from "../../../methods/index.ts";
import { condense } from "../../condense.ts";
import { resolveConfiguration } from "../../configuration.ts";
import { Loop } from "../../loop.ts";

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
  // k-means centres of a few noise images, where the laptop preset starts, have hardly a slope.
  const { name: initialisation } = method.initialisation;
  const options = { ipc: 2, steps: 9, realBatch: 6, network, initialisation, augmentation, settings };
  return new Loop(readerOf(dataset), resolveConfiguration(dataset, method, options));
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
  { name: "nsd", method: nsd, settings: { ...experts, "synthetic.kernels": 2, "synthetic.rank": 0.4 } },
  {
    name: "multi-formation, learned labels, squared errors",
    method: bptt,
    settings: { "solver.steps": 2, "synthetic.factor": 2, "labels.learned": true, "criterion.loss": "squared-error" },
  },
  {
    name: "augmentation, momentum and random batches",
    method: bptt,
    settings: { "solver.steps": 3, "solver.momentum": 0.9, "solver.order": "random" },
    augmentation: "siamese",
  },
];

describe("the gradient of a bilevel step is the slope of its loss", () => {
  test.each(cases.map((c) => [c.name, c] as const))("%s", async (_, entry) => {
    const loop = await loopOf(entry);
    const { slots } = await loop.start();
    const { variables } = slots;
    const at = async (values: typeof variables) => loop.lossAt({ step: 0, slots: { ...slots, variables: values } });
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

test("training on S that diverges stops the run with exit code 3 and its last good state", async () => {
  const kept: number[] = [];
  const run = async () => {
    const network = convnet({ depth: 2, width: 4, normalisation: "none" });
    const settings = { "solver.steps": 8, "solver.learningRate": 1e12 };
    for await (const event of condense(await tinyDataset(), bptt, { ipc: 1, steps: 2, network, settings }))
      if (event.event === "checkpoint") kept.push(event.step);
  };
  await expect(run()).rejects.toMatchObject({ code: "diverged", exitCode: 3 });
  expect(kept).toEqual([0, 0]);
});

test("partitions and proxies of T go with a solver; a distance of parameters needs experts, and reads no T", async () => {
  const code = async (method: BilevelMethod, settings: Record<string, OptionValue>) =>
    loopOf({ name: "", method, settings }).then(
      async (loop) =>
        loop.step(await loop.start()).then(
          () => "",
          (error) => error.code,
        ),
      (error) => error.code,
    );
  expect(await code(bptt, { "tricks.partition": 2, "solver.steps": 1 })).toBe("");
  expect(await code(mtt, { "tricks.kmeans": true, ...experts })).toBe("bad-combination");
  expect(await code(bptt, { "tricks.kmeans": true, "solver.steps": 1 })).toBe("");
  expect(await code(bptt, { "update.per": "class" })).toBe("bad-combination");
  expect(await code(bptt, { "solver.window": 3 })).toBe("unknown-option");
  expect(await code({ ...mtt, hypotheses: { name: "fresh" }, laptop: bptt.laptop! }, { "solver.steps": 1 })).toBe(
    "bad-combination",
  );
});
