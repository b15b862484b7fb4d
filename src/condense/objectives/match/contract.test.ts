import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyDataset } from "../../../../test/fixtures/tinyDataset.ts";
import {
  type Discrepancy,
  discrepancies,
  overLeaves,
  squaredMeanDifference,
  traced,
} from "../../../discrepancies/index.ts";
import { Tensor, tensor } from "../../../engine/index.ts";
import { convnet } from "../../../hypotheses/index.ts";
import { dm, type MatchMethod } from "../../../methods/index.ts";
import { type Trick, tricks } from "../../../tricks/index.ts";
import { condense } from "../../condense.ts";

/**
 * Odd parts that no method names, one for each way that a part may be written; each computes the same as distribution
 * matching by another road.
 */
const mean = (rows: Traced): Traced => np.mean(rows, 0);
const ofRows = overLeaves((s, t) => squaredMeanDifference(mean(s), mean(t)));
const about = { title: "", formula: "", reference: "", options: {} };
const inMethods = { ...about, unmeasured: "a method names it" };
const odd: Record<string, Discrepancy> = {
  rows: { ...inMethods, traced: traced({ compares: ["rows"], options: {}, make: () => ({ between: ofRows }) }) },
  // Every row of T, handed over by the host.
  target: {
    ...inMethods,
    traced: traced({ compares: ["rows"], options: {}, make: () => ({ between: ofRows, target: (rows) => rows }) }),
  },
  // Values times a random sign, which the distance squares away.
  lift: {
    ...inMethods,
    traced: traced({
      compares: ["means"],
      options: {},
      make: () => ({
        between: overLeaves(squaredMeanDifference),
        lift: ({ embedding }, { signs }) => ({ turned: embedding!.mul(signs!) }),
        draws: (key, { embedding }) => ({
          signs: tensor(key.uniform(embedding!).map((u) => (u < 0.5 ? -1 : 1))),
        }),
      }),
    }),
  },
};
const perClass = 12;
const oddTricks: Record<string, Trick> = {
  // All images in another order.
  everything: {
    ...about,
    kind: "proxy",
    main: "",
    make: () => ({
      dispose: () => {},
      async choose({ sizes, count, embed, key, step }, kept) {
        expect(step === 0 ? kept : Object.keys(kept)).toEqual(step === 0 ? {} : ["positions"]);
        expect((await embed(1, [0, 3])).shape).toEqual([2, 16]);
        const rows = sizes.flatMap((n, c) => Array.from(key.fold(c).permutation(n, count)));
        return { positions: new Tensor(Int32Array.from(rows), [sizes.length, count], "int32") };
      },
    }),
  },
  // The same distance once more, as a regularising term: means of T, and rows.
  again: regulariser("means"),
  "again-rows": regulariser("rows"),
};

function regulariser(real: "means" | "rows"): Trick {
  return {
    ...about,
    kind: "regularisation",
    options: { weight: { kind: "number", default: 1, least: 0, most: 9 } },
    main: "weight",
    over: "set",
    hypotheses: 1,
    view: () => "embedding",
    real,
    make:
      () =>
      ({ synthetic: [own], real: held, targets, accuracy }) => {
        for (const unread of [targets, accuracy]) unread.dispose();
        return squaredMeanDifference(np.mean(own!, 1), real === "rows" ? np.mean(held!, 1) : held!);
      },
  };
}

beforeAll(() => {
  Object.assign(discrepancies.parts, odd);
  Object.assign(tricks, oddTricks);
});
afterAll(() => {
  for (const name of Object.keys(odd)) delete (discrepancies.parts as Record<string, unknown>)[name];
  for (const name of Object.keys(oddTricks)) delete (tricks as Record<string, unknown>)[name];
});

async function losses(discrepancy: string, given = {}, changed: Partial<MatchMethod> = {}): Promise<number[]> {
  const method: MatchMethod = { ...dm, ...changed };
  const match = method.objective.match.map((term) => ({ ...term, discrepancy: { name: discrepancy } }) as never);
  const found: number[] = [];
  const settings = { imageLearningRate: 0.1, ...given };
  const options = { ipc: 2, steps: 4, realBatch: perClass, augmentation: "none", settings };
  const network = convnet({ depth: 2, width: 4 });
  for await (const event of condense(
    await tinyDataset({ perClass }),
    { ...method, objective: { match } },
    { ...options, network },
  ))
    if (event.event === "step") found.push(event.loss);
  return found;
}

const close = (found: readonly number[], wanted: readonly number[], factor = 1) => {
  expect(found).toHaveLength(wanted.length);
  found.forEach((loss, i) => {
    expect(Math.abs(loss / (factor * wanted[i]!) - 1)).toBeLessThan(1e-4);
  });
};

test.each(Object.keys(odd))("a distance with %s", async (name) => {
  close(await losses(name), await losses("mean-difference"));
});

test("kernels of MMD: the linear one compares means; under the tangent kernel S comes nearer to T", async () => {
  close(await losses("mmd", { "discrepancy.kernel": "linear" }), await losses("mean-difference"));
  const found = await losses("mmd", { "discrepancy.kernel": "ntk", "hypotheses.every": 4, imageLearningRate: 0.5 });
  found.slice(1).forEach((loss, before) => {
    expect(loss).toBeLessThan(found[before]!);
  });
});

test("a proxy of T", async () => {
  close(await losses("mean-difference", { "tricks.everything": true }), await losses("mean-difference"));
});

test.each(["again", "again-rows"])("a regularising term over the set: %s", async (name) => {
  // Twice the loss: twice the gradient, so half the rate makes the same path.
  const twice = await losses("mean-difference", { [`tricks.${name}`]: 1, "weights.embedding": 1 });
  const [first] = await losses("mean-difference");
  expect(twice[0]! / first!).toBeCloseTo(2, 4);
});

test.each([
  { "warmup.share": 0.5, "warmup.steps": 1, "hypotheses.every": 2, warm: [true, false, false, false] },
  { "warmup.share": 0.5, "hypotheses.every": 1, warm: [true, true, false, false] },
  { "warmup.share": 0.1, "hypotheses.every": 1, warm: [false, false, false, false] },
])("phases: one term in the warm-up, another after it: %o", async ({ warm, ...settings }) => {
  const [term] = dm.objective.match;
  const match = [
    { ...term!, phase: "warmup" as const, weight: 2 },
    { ...term!, phase: "main" as const },
  ];
  const still = {
    "update.per": "iteration",
    "hypotheses.every": settings["hypotheses.every"],
    imageLearningRate: 1e-9,
  };
  const plain = await losses("mean-difference", still);
  const phased = await losses("mean-difference", { ...still, ...settings }, { objective: { match } });
  expect(phased).toHaveLength(warm.length);
  phased.forEach((loss, step) => {
    expect(loss / plain[step]!).toBeCloseTo(warm[step] ? 2 : 1, 4);
  });
});
