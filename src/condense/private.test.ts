import { describe, expect, test } from "vitest";
import { cheapRun } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { type RealReader, readerOf } from "../data/reader.ts";
import { dm, dpDm, dpMerf, type Method, methods, psg } from "../methods/index.ts";
import { condense, type RunOptions } from "./condense.ts";
import type { State } from "./state.ts";

const data = await tinyDataset();
const own = methods.filter(({ privacy }) => privacy);

/** The real reads behind the door, by purpose. */
function noting() {
  const purposes: string[] = [];
  const reader = readerOf(data);
  const noted: RealReader = {
    ...reader,
    batch(purpose, choice) {
      purposes.push(purpose);
      return reader.batch(purpose, choice);
    },
    sum: (statistic, choice) => {
      purposes.push(`sum of ${statistic.name}`);
      return reader.sum(statistic, choice);
    },
    rows: (view, choice) => {
      purposes.push(`rows of ${view.name}`);
      return reader.rows(view, choice);
    },
    fit: (training) => {
      purposes.push(`training of ${training.name}`);
      return reader.fit(training);
    },
  };
  return { purposes, noted };
}

async function run(method: Method, options: RunOptions = {}) {
  let state: State | undefined;
  const losses: number[] = [];
  for await (const event of condense(data, method, { ...cheapRun(method), ...options })) {
    if (event.event === "checkpoint") state = event.state;
    if (event.event === "step") losses.push(event.loss);
    if (event.event === "done") return { set: event.set, state: state!, losses };
  }
  throw new Error("the run ended without a set");
}

const settings = (method: Method, more: RunOptions["settings"]) => ({ ...cheapRun(method).settings, ...more });

describe("private methods", () => {
  test("there are these", () => {
    expect(own.map(({ name }) => name)).toEqual(["dp-dm", "dp-cfm", "dp-merf", "psg"]);
  });

  test.each(own.map((method) => [method.name, method] as const))(
    "%s reads T for noised sums and for nothing else",
    async (_, method) => {
      const { purposes, noted } = noting();
      const { losses, state } = await run(method, { reader: noted });
      expect(losses.every(Number.isFinite)).toBe(true);
      expect(purposes.every((purpose) => purpose.startsWith("a noised sum of "))).toBe(true);
      const releases = method === dpMerf ? [0] : [0, 1, 2];
      expect(Array.from(state.slots.privacy!.releases!.data)).toEqual(releases);
      expect(purposes.length).toBe(releases.length);
    },
  );

  test("other noise gives another set, little noise the set without any, nearly", async () => {
    const quiet = settings(dpDm, { "privacy.sigma": 1e-6, "privacy.sampling": "all" });
    const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const [first, second] = [await run(dpDm, { noiseKey: a }), await run(dpDm, { noiseKey: b })];
    expect(first.set.images).not.toEqual(second.set.images);
    const [c, d] = [
      await run(dpDm, { noiseKey: a, settings: quiet }),
      await run(dpDm, { noiseKey: b, settings: quiet }),
    ];
    const gap = Math.max(...c.set.images.map((v, i) => Math.abs(v - d.set.images[i]!)));
    const change = Math.max(...first.set.images.map((v, i) => Math.abs(v - second.set.images[i]!)));
    expect(gap).toBeLessThan(change / 1000);
  });

  test("steps beyond the releases use them again, and read no T", async () => {
    const { purposes, noted } = noting();
    const again = settings(dpDm, { "privacy.releases": 2 });
    const { state } = await run(dpDm, { reader: noted, steps: 7, settings: again });
    expect(Array.from(state.slots.privacy!.releases!.data)).toEqual([0, 1]);
    expect(purposes).toHaveLength(2);
  });

  test("steps beyond the releases are refused where networks train on S", async () => {
    const again = { steps: 5, settings: settings(psg, { "privacy.releases": 2 }) };
    await expect(run(psg, again)).rejects.toThrow("psg looks at networks that train between steps");
  });

  test("a state goes on under its key only", async () => {
    const { state } = await run(dpDm, { steps: 1 });
    await expect(run(dpDm, { state, noiseKey: undefined })).rejects.toMatchObject({ code: "noise-key-missing" });
  });
});

describe("any method of sums is made private by settings", () => {
  const privacy = { "privacy.epsilon": 2 };

  test("distribution matching from noise", async () => {
    const { purposes, noted } = noting();
    await run(dm, { reader: noted, initialisation: "noise", settings: settings(dm, privacy) });
    expect(new Set(purposes)).toEqual(new Set(["a noised sum of embedding"]));
  });

  test("what reads T otherwise is refused with the reason, before it has read any", async () => {
    const said: Record<string, string> = {};
    for (const method of methods.filter(({ name }) => !own.some((one) => one.name === name))) {
      const { purposes, noted } = noting();
      const options = { reader: noted, initialisation: "noise", settings: settings(method, privacy), steps: 1 };
      const words = await run(method, options).then(
        () => "",
        (error: Error) => error.message,
      );
      if (words)
        expect([method.name, purposes.filter((purpose) => !purpose.startsWith("a noised sum"))]).toEqual([
          method.name,
          [],
        ]);
      said[method.name] = words.replace(/^.* in a private run: /, "");
    }
    const open = Object.keys(said).filter((name) => said[name] === "");
    expect(open).toEqual(expect.arrayContaining(["dm", "datadam", "dc", "dsa", "dcc", "cfm"]));
    const single = "no noise hides a single sample";
    const compared = "single samples have no summand in it that could be clipped";
    expect(said).toMatchObject({ m3d: compared, sinkhorn: compared, kip: single, bptt: compared });
    expect(said.mtt).toBe("its training clips and noises nothing");
  });

  test("a start from real images is refused", async () => {
    await expect(run(dm, { settings: settings(dm, privacy), initialisation: "random" })).rejects.toThrow(
      "samples for the initial images would be read of tiny in a private run: no noise hides a single sample",
    );
    await expect(run(dm, { settings: settings(dm, privacy), initialisation: "kmeans" })).rejects.toThrow(
      /^the pixels that kmeans compares of single samples would be read of tiny in a private run/,
    );
  });
});

test.each([
  [{ "privacy.epsilon": 1, "privacy.sigma": 1 }, "dp-dm keeps either an ε or a noise σ, not both"],
  [{ "privacy.epsilon": 0 }, "dp-dm keeps no privacy without an ε to keep or the noise σ"],
  [{ "privacy.delta": 0.5 }, "δ 0.5 is no less than one in 36, the number of samples"],
  [{ "privacy.epsilom": 1 }, 'privacy has no option "epsilom"'],
])("%o is refused", async (wrong, message) => {
  await expect(run(dpDm, { settings: settings(dpDm, wrong) })).rejects.toThrow(message);
});
