import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../../../data/reader.ts";
import { type OptionValue, randomKey, Tensor } from "../../../engine/index.ts";
import { convnet } from "../../../hypotheses/index.ts";
import { type BilevelMethod, frepo, kip, rcig, rfad } from "../../../methods/index.ts";
import { resolveConfiguration } from "../../configuration.ts";
import { Loop } from "../../loop.ts";

/** Methods whose inner problem is solved without steps of training, under smooth networks. */
const cases: readonly (readonly [string, BilevelMethod, Record<string, OptionValue>])[] = [
  ["kip", kip, { "solver.ridge": 1e-3 }],
  ["kip, convolutional", kip, { "solver.ridge": 1e-3, "solver.convolutional": true, "solver.pooling": "none" }],
  ["rfad", rfad, { "solver.networks": 2 }],
  ["rfad of one network", rfad, { "solver.networks": 1, "criterion.margin": 2 }],
  ["frepo", frepo, { "solver.ridge": 1e-3, "criterion.margin": 6 }],
  ["rcig", rcig, { "solver.ridge": 0.05, "solver.iterations": 80, "solver.inverse": 80, "solver.bounded": false }],
];

const moved = (t: Tensor, along: Float32Array, by: number) =>
  new Tensor(
    (t.data as Float32Array).map((v, i) => v + by * along[i]!),
    t.shape,
    "float32",
  );

describe("the gradient of a step is the slope of its loss", () => {
  test.each(cases)("%s", async (_, method, settings) => {
    const dataset = await tinyDataset();
    const network = convnet({ depth: 2, width: 4, activation: "swish", normalisation: "none" });
    const loop = new Loop(
      readerOf(dataset),
      resolveConfiguration(dataset, method, { ipc: 2, steps: 9, realBatch: 6, network, settings }),
    );
    const start = await loop.start();
    const jitter = (t: Tensor, name: string) => moved(t, randomKey(6).fold(name).normal(t.data.length), 0.05);
    const variables = Object.fromEntries(Object.entries(start.slots.variables).map(([n, t]) => [n, jitter(t, n)]));
    const at = (values: typeof variables) => loop.lossAt({ step: 3, slots: { ...start.slots, variables: values } });
    const { gradient } = await at(variables);
    expect(Object.keys(gradient).sort()).toEqual(Object.keys(variables).sort());
    for (const [name, t] of Object.entries(variables)) {
      const own = gradient[name]!.data;
      const along = randomKey(5)
        .fold(name)
        .normal(t.data.length)
        .map((v, i) => Math.abs(v) * Math.sign(own[i]!));
      const h = 2e-3;
      const [up, down] = [
        await at({ ...variables, [name]: moved(t, along, h) }),
        await at({ ...variables, [name]: moved(t, along, -h) }),
      ];
      const slope = (up.loss - down.loss) / (2 * h);
      const wanted = along.reduce((sum, v, i) => sum + v * own[i]!, 0);
      expect(Math.abs(wanted / slope - 1), `${name}: ${wanted} for a slope of ${slope}`).toBeLessThan(3e-3);
    }
    loop.dispose();
  });
});
