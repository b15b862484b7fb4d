import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cheapRun } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { AttarError, type Executor, loadedExecutor, useExecutor } from "../engine/index.ts";
import { bptt, dm, dream, frepo, idm, kip, lcmat, mtt, rcig, wmdd } from "../methods/index.ts";
import { condense, type RunOptions } from "./condense.ts";

/** Names of the programs that were loaded and not yet disposed. */
const held = new Map<object, string>();
let loads = 0;
let before: Executor;

/** An executor that keeps account of the programs it hands out. */
const counting = (executor: Executor): Executor => ({
  ...executor,
  async load(traceable) {
    const program = await executor.load(traceable);
    const dispose = program.dispose.bind(program);
    loads++;
    held.set(program, traceable.name);
    program.dispose = () => {
      held.delete(program);
      dispose();
    };
    return program;
  },
});

beforeAll(async () => {
  before = await loadedExecutor();
  useExecutor(counting(before));
});
afterAll(() => useExecutor(before));

type Stepped = Parameters<typeof cheapRun>[0];

/** The names of the programs that a run leaves behind, and the code that it failed with. */
async function leftBy(method: Stepped, options: RunOptions = {}, seen: (step: number) => unknown = () => {}) {
  const data = await tinyDataset();
  held.clear();
  loads = 0;
  let code = "";
  try {
    for await (const event of condense(data, method, { ...cheapRun(method), ...options }))
      if (event.event === "step") seen(event.step);
  } catch (error) {
    if (!(error instanceof AttarError)) throw error;
    code = error.code;
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { left: [...new Set(held.values())], code };
}

// Between them: every kind of source, proxy, term and solver that owns compiled functions.
test.each([dm, idm, dream, lcmat, wmdd, bptt, mtt, kip, frepo, rcig].map((m) => [m.name, m] as const))(
  "%s disposes every program that it loaded when the run ends",
  async (_, method) => {
    expect(await leftBy(method)).toEqual({ left: [], code: "" });
    expect(loads).toBeGreaterThan(0);
  },
);

describe.each([idm, mtt].map((m) => [m.name, m] as const))("%s", (_, method) => {
  test("disposes its programs when it is aborted", async () => {
    const stop = new AbortController();
    const stopped = await leftBy(method, { signal: stop.signal }, (step) => step === 2 && stop.abort());
    expect(stopped).toEqual({ left: [], code: "interrupted" });
    expect(loads).toBeGreaterThan(0);
  });

  test("disposes them when it diverges", async () => {
    expect(await leftBy(method, { imageLearningRate: 1e30 })).toEqual({ left: [], code: "diverged" });
    expect(loads).toBeGreaterThan(0);
  });

  test("disposes them when nobody reads on", async () => {
    const data = await tinyDataset();
    held.clear();
    for await (const event of condense(data, method, cheapRun(method))) if (event.event === "step") break;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...new Set(held.values())]).toEqual([]);
  });
});
