import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cheapRun } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { encodeCondensed } from "../data/condensedSet.ts";
import { onnxruntimeNode } from "../engine/executors/onnxruntime.node.ts";
import { AttarError, defaultRuntime, type Executor, openRuntime, oracle, type Runtime } from "../engine/index.ts";
import { mlp } from "../hypotheses/index.ts";
import { bptt, dm, dream, frepo, idm, kip, lcmat, mtt, rcig, wmdd } from "../methods/index.ts";
import { condense, type RunOptions } from "./condense.ts";

/** Names of the programs that were loaded and not yet disposed. */
const held = new Map<object, string>();
let loads = 0;
let runtime: Runtime;

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
      return dispose();
    };
    return program;
  },
});

beforeEach(() => {
  held.clear();
  loads = 0;
  runtime = openRuntime({ executor: counting(onnxruntimeNode()) });
});
afterEach(() => runtime.dispose());

type Stepped = Parameters<typeof cheapRun>[0];

/** Waits until what was freed is closed. */
const settled = () => expect.poll(() => runtime.live.sessions).toBe(0);

/** The names of the programs that a run leaves behind, and the code that it failed with. */
async function leftBy(method: Stepped, options: RunOptions = {}, seen: (step: number) => unknown = () => {}) {
  const data = await tinyDataset();
  let code = "";
  try {
    for await (const event of condense(data, method, { ...cheapRun(method), runtime, ...options }))
      if (event.event === "step") seen(event.step);
  } catch (error) {
    if (!(error instanceof AttarError)) throw error;
    code = error.code;
  }
  await settled();
  return { left: [...new Set(held.values())], code };
}

// Between them: every kind of source, proxy, term and solver that owns compiled functions.
test.each([dm, idm, dream, lcmat, wmdd, bptt, mtt, kip, frepo, rcig].map((m) => [m.name, m] as const))(
  "%s loads its programs in its own runtime alone, and disposes every one when the run ends",
  async (_, method) => {
    const elsewhere = defaultRuntime().live.programs;
    expect(await leftBy(method)).toEqual({ left: [], code: "" });
    expect(loads).toBeGreaterThan(0);
    expect(runtime.live).toEqual({ programs: 0, sessions: 0 });
    expect(defaultRuntime().live.programs).toBe(elsewhere);
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
    for await (const event of condense(data, method, { ...cheapRun(method), runtime }))
      if (event.event === "step") break;
    await settled();
    expect([...new Set(held.values())]).toEqual([]);
  });
});

describe("two runs with runtimes of their own, one on ONNX Runtime and one on the reference executor", () => {
  const little: RunOptions = { ipc: 1, steps: 4, realBatch: 4, network: mlp({ width: 8, depth: 1 }) };
  const executors = { native: () => onnxruntimeNode({ threads: 1 }), reference: () => oracle("wasm") };
  const begin = async (name: keyof typeof executors) => {
    const own = openRuntime({ executor: executors[name]() });
    return { own, events: condense(await tinyDataset(), dm, { ...little, runtime: own }) };
  };
  type Begun = Awaited<ReturnType<typeof begin>>;
  /** The bytes of the set, once the run is over. */
  const next = async ({ events }: Begun) => {
    const { value, done } = await events.next();
    return done ? encodeCondensed(value) : undefined;
  };
  const rest = async (run: Begun) => {
    for (;;) {
      const bytes = await next(run);
      if (bytes) return bytes;
    }
  };
  const alone = async (name: keyof typeof executors) => {
    const run = await begin(name);
    const bytes = await rest(run);
    await run.own.dispose();
    return bytes;
  };

  test("give the same bytes in turns as alone", async () => {
    const [a, b] = [await begin("native"), await begin("reference")];
    let [first, second]: (Uint8Array | undefined)[] = [];
    while (!first || !second) {
      first ??= await next(a);
      second ??= await next(b);
    }
    expect(first).toEqual(await alone("native"));
    expect(second).toEqual(await alone("reference"));
    await a.own.dispose();
    await b.own.dispose();
  });

  test("one goes on to the same bytes after the other's runtime was disposed in mid-run, which leaves no session", async () => {
    const [a, b] = [await begin("native"), await begin("native")];
    for (const run of [a, b]) for (let i = 0; i < 4; i++) await next(run);
    expect(b.own.live.sessions).toBeGreaterThan(0);
    await b.own.dispose();
    expect(b.own.live).toEqual({ programs: 0, sessions: 0 });
    await expect(rest(b)).rejects.toMatchObject({ code: "disposed-runtime" });
    expect(a.own.live.sessions).toBeGreaterThan(0);
    expect(await rest(a)).toEqual(await alone("native"));
    await a.own[Symbol.asyncDispose]();
    expect(a.own.live).toEqual({ programs: 0, sessions: 0 });
  });
});
