import { describe, expect, test } from "vitest";
import { cheapRun } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { CondensedSet } from "../data/dataset.ts";
import { readerOf } from "../data/reader.ts";
import type { OptionValue, Tensor } from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { haba, methodNamed } from "../methods/index.ts";
import { condense, type RunOptions, resolveConfiguration } from "./index.ts";
import { Loop } from "./loop.ts";
import type { State } from "./state.ts";

const dataset = await tinyDataset({ perClass: 8 });
const network = parseNetwork("convnet:depth=2,width=4,activation=swish");
type Settings = Record<string, OptionValue>;

async function run(method: string, { settings, ...more }: RunOptions): Promise<{ set: CondensedSet; states: State[] }> {
  const states: State[] = [];
  const cheap = cheapRun(methodNamed(method));
  const options = { ...cheap, network, settings: { ...cheap.settings, ...settings }, ...more };
  for await (const event of condense(dataset, methodNamed(method), options)) {
    if (event.event === "checkpoint") states.push(event.state);
    if (event.event === "done") return { set: event.set, states };
  }
  throw new Error("no set");
}

const identity: Settings = {
  synthetic: "hallucinated",
  "synthetic.hallucinators": 1,
  "synthetic.kernel": 1,
  "synthetic.spread": 0,
  "synthetic.hallucinatorRate": 0,
  "synthetic.bases": 2,
};

describe("one hallucinator that is the identity leaves a method as it is, bit for bit", () => {
  test.each(["mtt", "dm"])("%s", async (method) => {
    const pixels = await run(method, {});
    const hallucinations = await run(method, { settings: identity });
    expect(hallucinations.set.images).toEqual(pixels.set.images);
  });
});

const small: Settings = {
  "synthetic.hallucinators": 3,
  "synthetic.bases": 2,
  "tricks.unlikeness.width": 4,
  "tricks.unlikeness.depth": 2,
};

test("the gradient of haba's loss is its slope, in bases and in hallucinators", async () => {
  const cheap = cheapRun(haba);
  const configuration = resolveConfiguration(dataset, haba, {
    ...cheap,
    network,
    // A rectifier of the extractor has corners: a small share of the loss, and still the term that tells renderings apart.
    settings: { ...cheap.settings, ...small, "tricks.unlikeness": 0.05 },
  });
  const loop = new Loop(readerOf(dataset), configuration);
  const state = await loop.start();
  const { variables } = state.slots;
  const at = (moved: Readonly<Record<string, Tensor>>) =>
    loop.lossAt({ ...state, slots: { ...state.slots, variables: { ...variables, ...moved } } });
  const { gradient } = await at({});
  expect(Object.keys(gradient).sort()).toEqual([
    "bases",
    "first",
    "firstBias",
    "last",
    "lastBias",
    "rates",
    "scale",
    "shift",
  ]);
  for (const name of ["bases", "first", "scale", "shift", "last"]) {
    const direction = gradient[name]!.data as Float32Array;
    const length = Math.hypot(...direction);
    expect(length).toBeGreaterThan(0);
    const gaps: number[] = [];
    for (const by of [0.05, 0.02, 0.005]) {
      const moved = (sign: number) => ({
        [name]: variables[name]!.map((v, i) => v + (sign * by * direction[i]!) / length),
      });
      const slope = ((await at(moved(1))).loss - (await at(moved(-1))).loss) / (2 * by);
      gaps.push(Math.abs(slope / length - 1));
    }
    expect(Math.min(...gaps), name).toBeLessThan(0.03);
  }
  loop.dispose();
});

test("S moves against the extractor of the step before, which learns after every step", async () => {
  const { states } = await run("haba", { settings: small });
  const slots = states.map(({ slots }) => slots.extractor!);
  const names = Object.keys(slots[0]!);
  expect(names).toContain("params/head/weight");
  expect(names).toContain("optimizer/velocity/conv1/weight");
  const at = (step: number) => slots[step]!["params/conv1/weight"]!.data;
  expect(at(1)).not.toEqual(at(0));
  expect(at(2)).not.toEqual(at(1));
});

test("a step of training on S sees every base through one hallucinator", async () => {
  // Of a rendering that no step drew the gradient is nothing: one step, one hallucinator.
  const cheap = cheapRun(haba);
  const settings = { ...cheap.settings, ...small, "solver.steps": 1, "tricks.unlikeness": "none" };
  const configuration = resolveConfiguration(dataset, haba, { ...cheap, network, settings });
  const loop = new Loop(readerOf(dataset), configuration);
  const state = await loop.start();
  const seen = new Set<number>();
  for (let step = 0; step < 8; step++) {
    const { gradient } = await loop.lossAt({ ...state, step });
    const { data, shape } = gradient.shift!;
    const each = data.length / shape[0]!;
    const moved = Array.from({ length: 3 }, (_, h) =>
      (data as Float32Array).subarray(h * each, (h + 1) * each).some((v) => v !== 0),
    );
    expect(moved.filter(Boolean)).toHaveLength(1);
    seen.add(moved.indexOf(true));
    const bases = gradient.bases!;
    for (let i = 0; i < bases.shape[0]!; i++)
      expect((bases.rows(i, i + 1).data as Float32Array).some((v) => v !== 0)).toBe(true);
  }
  expect(seen.size).toBe(3);
  loop.dispose();
});

test("where a base has one rendering, its unlikeness is refused", () => {
  expect(() =>
    resolveConfiguration(dataset, haba, { ...cheapRun(haba), settings: { "synthetic.hallucinators": 1 } }),
  ).toThrow(/every one has a single one/);
  expect(() =>
    resolveConfiguration(dataset, methodNamed("mtt"), {
      ...cheapRun(haba),
      settings: { "tricks.unlikeness": 0.1 },
    }),
  ).toThrow(/every one has a single one/);
});
