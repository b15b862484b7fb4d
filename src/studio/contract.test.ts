import { MessageChannel } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { condense } from "../condense/index.ts";
import { loadDigits, parseCondensed, pictures } from "../data/browser.ts";
import { openRuntime, type Runtime, useRuntime } from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { dm } from "../methods/index.ts";
import type { Asked, DatasetFacts, Engine, StudioEvent } from "./contract.ts";
import { Host } from "./host.ts";
import { engineAt, type Line } from "./line.ts";
import { pagePlace } from "./pagePlace.ts";
import { serveOn } from "./serve.ts";

const network = "convnet:width=8,depth=2";
let runtime: Runtime;
let ports: MessageChannel;

beforeAll(() => {
  runtime = openRuntime({ threads: 1 });
  useRuntime(runtime);
  ports = new MessageChannel();
});

afterAll(async () => {
  ports.port1.close();
  ports.port2.close();
  await runtime[Symbol.asyncDispose]();
});

/** A port of Node as a page's: its messages come as events. */
function lineOf(port: MessageChannel["port1"]): Line {
  const line: Line = { postMessage: (message) => port.postMessage(message), onmessage: null };
  port.on("message", (data) => line.onmessage?.(new MessageEvent("message", { data })));
  return line;
}

describe.each<[string, () => Engine]>([
  ["in its own thread", () => new Host(runtime, pagePlace())],
  [
    "at the other end of a line",
    () => {
      const engine = engineAt(lineOf(ports.port1));
      serveOn(lineOf(ports.port2), new Host(runtime, pagePlace()));
      return engine;
    },
  ],
])("an engine %s", (_, open) => {
  let engine: Engine;
  let digits: DatasetFacts;
  let asked: Asked;
  const events: StudioEvent[] = [];
  const ended = (run: string) => until((event) => event.type === "run.ended" && event.run === run);
  const until = (met: (event: StudioEvent) => boolean) =>
    new Promise<StudioEvent>((resolve) => {
      const before = events.find(met);
      if (before) return resolve(before);
      const stop = engine.listen((event) => {
        if (!met(event)) return;
        stop();
        resolve(event);
      });
    });

  beforeAll(async () => {
    engine = open();
    engine.listen((event) => void events.push(event));
    digits = await engine.open({ known: "digits" });
    asked = { dataset: digits.id, method: "dm", ipc: 1, seed: 5, steps: 4, network, settings: { realBatch: 4 } };
  });

  test("says what it is, what methods there are and what a dataset is", async () => {
    expect((await engine.about()).threads).toBe(1);
    expect((await engine.methods()).find(({ name }) => name === "dm")?.citation).toMatch(/Zhao/);
    expect(digits).toMatchObject({ name: "digits", drawn: "digits", shape: [1, 8, 8] });
    expect(digits.counts.train.reduce((a, b) => a + b)).toBe(1438);
    const samples = await engine.samples(digits.id, "train", 2);
    expect(samples).toMatchObject({ count: 20, channels: 1, height: 8, width: 8 });
    expect(samples.labels.filter((label) => label === 7)).toHaveLength(2);
  });

  test("resolves what is asked for, or says in a sentence why it cannot be", async () => {
    const found = await engine.resolve(asked);
    if (!found.ok) throw new Error(found.problem.message);
    expect(found.steps).toBe(4);
    expect(found.command).toBe(
      `attar condense digits --method dm --ipc 1 --seed 5 --steps 4 --net ${network} --set realBatch=4`,
    );
    expect(found.axes.map(({ axis }) => axis)).toEqual(["discrepancy", "data space", "hypothesis space", "tricks"]);
    const fields = found.axes.flatMap(({ parts }) => parts.flatMap((part) => part.fields));
    expect(fields.find(({ path }) => path === "network.width")?.value).toBe(8);
    const refused = await engine.resolve({ ...asked, settings: { "hypotheses.evry": 3 } });
    if (refused.ok) throw new Error("an unknown setting must be refused");
    expect(refused.problem.message).toMatch(/evry/);
  });

  test("a run that is stopped and goes on makes the set of one that is not, which is that of the library", async () => {
    const run = await engine.start({ ...asked, steps: 6 });
    await expect(engine.start(asked)).rejects.toThrow(/is under way/);
    await until((event) => event.type === "step" && event.run === run && event.step === 2);
    await engine.stop(run);
    const end = await ended(run);
    if (end.type === "run.ended" && end.outcome === "stopped") {
      expect(end.step).toBeLessThan(6);
      await engine.resume(run);
      await until((event) => event.type === "run.ended" && event.run === run && event.outcome === "done");
    }
    const { bytes } = await engine.exported(run, "safetensors");
    const set = parseCondensed(bytes, "exported");
    const options = { ipc: 1, seed: 5, steps: 6, network: parseNetwork(network), settings: { realBatch: 4 }, runtime };
    for await (const event of condense(await loadDigits(), dm, options))
      if (event.event === "done") expect(set.images).toEqual(event.set.images);
    const last = events.findLast((event) => event.type === "frame" && event.run === run);
    if (last?.type !== "frame") throw new Error("a run must show its set");
    expect([...last.images.data.subarray(0, 64)]).toEqual([...pictures(set)[0]!.image.data]);
    expect((await engine.exported(run, "png")).bytes.subarray(1, 4)).toEqual(new TextEncoder().encode("PNG"));
  });

  test("networks are trained on the set and beside it, and answer for a drawing and for a test image", async () => {
    const run = await engine.start(asked);
    await ended(run);
    await engine.score(run, ["set", "random"], 1, 5);
    await until((event) => event.type === "scores.ended" && event.run === run);
    const scores = events.filter((event) => event.type === "score" && event.run === run);
    expect(scores.map((event) => event.type === "score" && event.subject)).toEqual(["set", "random"]);
    const ink = new Float32Array(32 * 32);
    for (let y = 4; y < 28; y++) ink.fill(1, y * 32 + 14, y * 32 + 18);
    const { guesses, seen } = await engine.guessDrawing(run, ink, 32);
    expect(guesses.map(({ subject }) => subject)).toEqual(["set", "random"]);
    for (const { probabilities } of guesses) expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(seen).toMatchObject({ count: 1, height: 8, width: 8 });
    const sample = await engine.guessSample(run, 3);
    expect(sample.label).toBe((await loadDigits()).test.labels[3]);
  });

  test("distances stand beside those of another sample of T", async () => {
    const run = events.findLast((event) => event.type === "run.ended")!.run;
    const distances = await engine.distances(run);
    expect(distances.map(({ name }) => name)).toContain("mmd");
    for (const { value, reference } of distances) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(reference).toBeGreaterThanOrEqual(0);
    }
  });

  test("what is not there is refused with what to do", async () => {
    await expect(engine.stop("absent")).rejects.toMatchObject({
      message: "there is no run absent here",
      hint: "start one",
    });
  });
});
