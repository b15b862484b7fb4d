import type { Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { onnxruntimeNode } from "./executors/onnxruntime.node.ts";
import {
  compile,
  currentRuntime,
  defaultRuntime,
  openRuntime,
  oracle,
  perRuntime,
  sumOverSamples,
  tensor,
  useRuntime,
} from "./index.ts";

const double = (x: Traced) => x.mul(2);
const turn = () => new Promise((resolve) => setTimeout(resolve));

test("a function belongs to the runtime that is current where it is compiled, wherever it is called", async () => {
  const [one, other] = [openRuntime({ executor: oracle() }), openRuntime({ executor: oracle() })];
  const doubled = one.enter(() => compile(double));
  expect((await other.throughout(() => doubled(tensor(3)))).item()).toBe(6);
  expect([one.live.programs, other.live.programs]).toEqual([1, 0]);
  await other.dispose();
  expect((await doubled(tensor(4))).item()).toBe(8);
  await one.dispose();
  expect(one.live.programs).toBe(0);
  await expect(doubled(tensor(5))).rejects.toMatchObject({ code: "disposed-runtime" });
});

test("sessions are counted in every thread, and closed with their programs and with the runtime", async () => {
  await using runtime = openRuntime({ executor: onnxruntimeNode({ threads: 2 }) });
  const total = runtime.enter(() =>
    sumOverSamples((scale: Traced, x: Traced) => x.mul(scale).sum(), { name: "total" }),
  );
  const ones = tensor(new Float32Array(64).fill(1), [64]);
  expect((await total(tensor(2), ones, 8)).item()).toBe(128);
  expect(runtime.live.sessions).toBeGreaterThanOrEqual(2);
  total.dispose();
  expect(runtime.live.programs).toBe(0);
  await expect.poll(() => runtime.live.sessions).toBe(0);
  expect((await total(tensor(1), ones, 8)).item()).toBe(64);
  await runtime.dispose();
  expect(runtime.live).toEqual({ programs: 0, sessions: 0 });
});

test("a warmed runtime has its threads, keeps no session, and computes as another", async () => {
  await using runtime = openRuntime({ executor: onnxruntimeNode({ threads: 2 }) });
  await runtime.warm();
  expect(runtime.live.sessions).toBe(0);
  const doubled = runtime.enter(() => compile(double));
  expect((await doubled(tensor(3))).item()).toBe(6);
  await using simple = openRuntime({ executor: oracle() });
  await expect(simple.warm()).resolves.toBeUndefined();
});

test("a runtime is left where its function returns or throws, and runtimes nest", () => {
  const [outer, inner] = [openRuntime({ executor: oracle() }), openRuntime({ executor: oracle() })];
  const seen = outer.enter(() => [currentRuntime(), inner.enter(currentRuntime), currentRuntime()]);
  expect(seen).toEqual([outer, inner, outer]);
  expect(() =>
    outer.enter(() => {
      throw new RangeError("no");
    }),
  ).toThrow(RangeError);
  expect(currentRuntime()).toBe(defaultRuntime());
});

test("asynchronous work keeps its runtime to its end: that of another waits, that of the same goes on beside it", async () => {
  const [one, other] = [openRuntime({ executor: oracle() }), openRuntime({ executor: oracle() })];
  const log: string[] = [];
  const work = (name: string, runtime: typeof one) =>
    runtime.throughout(async () => {
      log.push(`${name} begins`);
      for (let i = 0; i < 3; i++) await turn();
      expect(currentRuntime()).toBe(runtime);
      log.push(`${name} ends`);
    });
  await Promise.all([work("a", one), work("b", other), work("c", one)]);
  expect(log).toEqual(["a begins", "c begins", "a ends", "c ends", "b begins", "b ends"]);
  await expect(one.throughout(() => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
  expect(currentRuntime()).toBe(defaultRuntime());
});

test("every runtime has its own value of what a module keeps", () => {
  let made = 0;
  const value = perRuntime(() => ({ number: made++, runtime: currentRuntime() }));
  const [one, other] = [openRuntime({ executor: oracle() }), openRuntime({ executor: oracle() })];
  expect(one.enter(value)).toBe(one.enter(value));
  expect(one.enter(value).runtime).toBe(one);
  expect(other.enter(value)).toEqual({ number: 1, runtime: other });
});

test("the process's runtime can be replaced, and a disposed one is followed by a new one", async () => {
  const before = defaultRuntime();
  const own = openRuntime({ executor: oracle() });
  useRuntime(own);
  expect(currentRuntime()).toBe(own);
  await own.dispose();
  expect(defaultRuntime()).not.toBe(own);
  useRuntime(before);
});
