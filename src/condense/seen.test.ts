import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { inMemory } from "../artefacts/index.ts";
import type { CondensedSet } from "../data/dataset.ts";
import { loadDigits } from "../data/digits.ts";
import { readerOf } from "../data/reader.ts";
import type { OptionValue, Tensor } from "../engine/index.ts";
import { parseGenerator } from "../generators/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { dm, type MatchMethod, methodNamed } from "../methods/index.ts";
import { condense, type RunOptions, resolveConfiguration } from "./index.ts";
import { openLoop } from "./loop.ts";
import type { State } from "./state.ts";
import { trainedGenerator } from "./trainedGenerator.ts";

const dataset = await tinyDataset({ perClass: 8 });
type Settings = Record<string, OptionValue>;
const network = parseNetwork("mlp:width=6,depth=1");
const options = { network, ipc: 2, realBatch: 4, steps: 3, augmentation: "none" };

async function run(method: MatchMethod | ReturnType<typeof methodNamed>, settings: Settings, more: RunOptions = {}) {
  const states: State[] = [];
  let set: CondensedSet | undefined;
  for await (const event of condense(dataset, method, { ...options, settings, checkpointEvery: 1, ...more })) {
    if (event.event === "checkpoint") states.push(event.state);
    if (event.event === "done") set = event.set;
  }
  return { set: set!, states };
}

const coded: Settings = {
  "seen.through": "encoder",
  "seen.generator": "vae:width=12,z=3,likelihood=gaussian",
  "seen.steps": 10,
};
const latent: Settings = {
  synthetic: "latent",
  "synthetic.generator": "vae:width=12,z=3,likelihood=gaussian",
  "synthetic.steps": 10,
  "synthetic.fidelity": 0,
};

describe("the codes of the identity are samples, bit for bit", () => {
  test.each(["dm", "dc", "bptt"])("%s", async (name) => {
    const method = methodNamed(name);
    const samples = await run(method, {});
    const codes = await run(method, { "seen.through": "encoder", "seen.generator": "identity" });
    expect(codes.set.images).toEqual(samples.set.images);
  });
});

/** Tables 2 and 3 of the paper: what is matched, by what is optimised. */
const cells: readonly [string, Settings, string[]][] = [
  ["input matched, input optimised", {}, ["images"]],
  ["codes matched, input optimised", coded, ["images"]],
  ["input matched, codes optimised", latent, ["z"]],
  ["codes matched, codes optimised", { ...latent, "seen.through": "encoder" }, ["z"]],
];

describe("the four cells of matched and optimised spaces", () => {
  test.each(cells)("%s: the gradient is the slope, and the set is images", async (_, settings, names) => {
    const configuration = resolveConfiguration(dataset, dm, { ...options, settings });
    const loop = await openLoop(readerOf(dataset), configuration, inMemory);
    const state = await loop.start();
    const { variables } = state.slots;
    const at = (moved: Readonly<Record<string, Tensor>>) =>
      loop.lossAt({ ...state, slots: { ...state.slots, variables: { ...variables, ...moved } } });
    const { gradient } = await at({});
    expect(Object.keys(gradient)).toEqual(names);
    const name = names[0]!;
    const direction = gradient[name]!.data as Float32Array;
    const length = Math.hypot(...direction);
    expect(length).toBeGreaterThan(0);
    const gaps: number[] = [];
    for (const by of [0.05, 0.01, 0.002]) {
      const moved = (sign: number) => ({
        [name]: variables[name]!.map((v, i) => v + (sign * by * direction[i]!) / length),
      });
      const slope = ((await at(moved(1))).loss - (await at(moved(-1))).loss) / (2 * by);
      gaps.push(Math.abs(slope / length - 1));
    }
    expect(Math.min(...gaps)).toBeLessThan(0.03);
    const { images } = await loop.trainingSet(variables);
    expect(images.shape).toEqual([6, 1, 8, 8]);
    loop.dispose();
  });

  test.each(cells)("%s: runs on digits, and says what codes lose", async (_, settings) => {
    const digits = await loadDigits();
    const more = { ...options, network: parseNetwork("mlp:width=8,depth=1"), steps: 2, ipc: 1 };
    for await (const event of condense(digits, dm, { ...more, settings })) {
      if (event.event !== "done") continue;
      expect(event.set.images.length).toBe(10 * 64);
      expect(event.set.images.every(Number.isFinite)).toBe(true);
      if (Object.keys(settings).length === 0) expect(event.pushForward).toBeUndefined();
      else {
        expect(event.pushForward!.generator).toContain("vae");
        expect(event.pushForward!.injectivity.pairs).toBeGreaterThan(100_000);
        expect(event.pushForward!.reconstruction.error).toBeGreaterThan(0.3);
        expect(event.pushForward!.reconstruction.samples).toBe(Math.min(2000, digits.train.labels.length));
      }
    }
  });
});

test("MMD of samples under the kernel k ∘ g_e is MMD of their codes under k", async () => {
  const method: MatchMethod = {
    ...dm,
    hypotheses: { name: "none" },
    objective: {
      match: [
        { view: { name: "pixels" }, discrepancy: { name: "mmd", options: { kernel: "polynomial" } }, over: "set" },
      ],
    },
  };
  const configuration = resolveConfiguration(dataset, method, { ...options, realBatch: 8, settings: coded });
  const loop = await openLoop(readerOf(dataset), configuration, inMemory);
  const state = await loop.start();
  const { loss } = await loop.lossAt(state);
  const { images } = await loop.trainingSet(state.slots.variables);
  loop.dispose();
  // By hand, in float64: both sides encoded by the same generator, k(x, y) = (⟨x, y⟩ + 1)².
  const opened = await trainedGenerator(inMemory, readerOf(dataset), configuration, {
    spec: parseGenerator(String(coded["seen.generator"])),
    steps: 10,
    judged: false,
  });
  const real = await readerOf(dataset).batch("a test", {});
  const codesOf = async (x: Tensor, labels: Int32Array) => {
    const { z } = await opened.encode(x, labels);
    return Array.from({ length: z!.shape[0]! }, (_, i) => Array.from(z!.rows(i, i + 1).data));
  };
  const [s, t] = [await codesOf(images, Int32Array.of(0, 0, 1, 1, 2, 2)), await codesOf(real.images, real.labels)];
  opened.dispose();
  const k = (x: number[], y: number[]) => (x.reduce((sum, v, i) => sum + v * y[i]!, 0) + 1) ** 2;
  const mean = (a: number[][], b: number[][]) =>
    a.reduce((sum, x) => sum + b.reduce((own, y) => own + k(x, y), 0), 0) / (a.length * b.length);
  const mmd = mean(s, s) - 2 * mean(s, t) + mean(t, t);
  expect(Math.abs(loss / mmd - 1)).toBeLessThan(1e-3);
});

test("in the codes of its own generator S is z itself: a step decodes nothing, and its loss knows no decoder", async () => {
  const settings = { ...latent, "seen.through": "encoder" };
  const configuration = resolveConfiguration(dataset, dm, { ...options, settings });
  const loop = await openLoop(readerOf(dataset), configuration, inMemory);
  const state = await loop.start();
  const { variables } = state.slots;
  const spoiled = Object.fromEntries(
    Object.entries(variables).map(([name, t]) => [name, name === "z" ? t : t.map(() => 7)]),
  );
  const { loss } = await loop.lossAt(state);
  const other = await loop.lossAt({ ...state, slots: { ...state.slots, variables: spoiled } });
  expect(other.loss).toBe(loss);
  loop.dispose();
});

test("a run that looks at codes goes on to the same bytes, by the decoded images of its variables", async () => {
  for (const settings of [coded, { ...latent, "seen.through": "encoder" }]) {
    const whole = await run(dm, settings);
    const again = await run(dm, settings, { state: whole.states[1]! });
    expect(again.set.images).toEqual(whole.set.images);
    expect(whole.states.at(-1)!.slots.variables).not.toEqual(whole.states[0]!.slots.variables);
  }
});

test("what cannot be looked at is refused", () => {
  const resolve = (settings: Settings) => () => resolveConfiguration(dataset, dm, { ...options, settings });
  expect(resolve({ "seen.through": "encoder", "seen.generator": "gan" })).toThrow(/has no encoder/);
  expect(resolve({ "seen.through": "encoder", "seen.generator": "vq-vae" })).toThrow(/has no encoder to numbers/);
  expect(resolve({ ...latent, "seen.through": "encoder", "synthetic.layer": 1 })).toThrow(/S seen in its own codes/);
  expect(resolve({ "seen.trough": "encoder" })).toThrow(/trough/);
});
