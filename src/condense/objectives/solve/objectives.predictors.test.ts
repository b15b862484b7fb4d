import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formulaTensor } from "../../../../golden/hypotheses/formula.ts";
import { classes, type GoldenCase, gapsTo, ipc } from "../../../../test/fixtures/goldenBilevel.ts";
import { Tensor, tensor } from "../../../engine/index.ts";
import { convnet } from "../../../hypotheses/index.ts";
import { frepo, kip, nsd, rcig, rfad } from "../../../methods/index.ts";

/** Losses and gradients of golden/methods/objectives_predictors.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives_predictors.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: Record<string, number[]> }>;

/** 0.4 (one-hot − 1/3) + 0.1 values(95): gaps on either side of where the margin of labels ends. */
const labels = (() => {
  const { data, shape } = formulaTensor([classes * ipc, classes], 95);
  const own = (i: number) => Number(Math.floor(i / classes / ipc) === i % classes) - 1 / classes;
  return new Tensor(
    Float32Array.from(data, (v, i) => 0.4 * own(i) + 0.1 * v),
    shape,
    "float32",
  );
})();
const images = formulaTensor([classes * ipc, 1, 8, 8], 91);
const temperature = tensor(0.2);
const network = (growth: 1 | 2, activation: "relu" | "softplus") =>
  convnet({ depth: 2, width: growth === 1 ? 8 : 4, growth, activation, normalisation: "none" });
const solved = { "solver.ridge": 0.01, "solver.iterations": 200, "solver.inverse": 200 };

const cases: readonly (readonly [name: string, GoldenCase])[] = [
  ["kip", { method: kip, network: network(1, "relu"), settings: {}, at: { images, labels } }],
  [
    "rfad",
    {
      method: rfad,
      network: network(1, "relu"),
      settings: { "solver.networks": 2 },
      at: { images, labels, temperature },
    },
  ],
  ["frepo", { method: frepo, network: network(2, "relu"), settings: {}, at: { images, labels } }],
  ["rcig", { method: rcig, network: network(2, "softplus"), settings: solved, at: { images, labels, temperature } }],
  [
    "rcig-unbounded",
    {
      method: rcig,
      network: network(2, "softplus"),
      settings: { ...solved, "solver.bounded": false },
      at: { images, labels, temperature },
    },
  ],
  [
    "nsd",
    {
      method: nsd,
      network: convnet({ depth: 2, width: 8, activation: "swish", normalisation: "none" }),
      settings: {
        "solver.steps": 4,
        "solver.batch": 0,
        "solver.learningRate": 0.05,
        "synthetic.kernels": 2,
        "synthetic.spectra": 1,
      },
      at: {
        spectra: formulaTensor([classes, 3, 4, 4], 91),
        rows: formulaTensor([2, 4, 8], 92, 0.5),
        columns: formulaTensor([2, 4, 8], 93, 0.5),
        channels: formulaTensor([2, 3, 3], 94, 0.7),
      },
      channels: 3,
    },
  ],
];

test.each(cases)("%s: loss and gradients are the formula's in float64", async (name, own) => {
  const wanted = golden[name]!;
  const gaps = await gapsTo(wanted, own);
  expect(gaps.loss).toBeLessThan(1e-5);
  expect(Object.keys(gaps.gradient).sort()).toEqual(Object.keys(wanted.gradient).sort());
  for (const [variable, gap] of Object.entries(gaps.gradient)) expect(gap, variable).toBeLessThan(1e-4);
});
