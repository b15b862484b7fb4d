import { MessageChannel } from "node:worker_threads";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { condense } from "../condense/index.ts";
import { loadDigits, parseCondensed, pictures } from "../data/browser.ts";
import { openRuntime, type Runtime, useRuntime } from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { dm } from "../methods/index.ts";
import type { Asked, DatasetFacts, Engine, StudioEvent } from "./contract.ts";
import { Host } from "./host.ts";
import { engineAt, type Line } from "./line.ts";
import { memoryFiles } from "./memoryFiles.ts";
import { pagePlace } from "./pagePlace.ts";
import { placesOf } from "./placesOf.ts";
import { recordingOf } from "./recording.ts";
import { replayOf } from "./replay.ts";
import { serveOn } from "./serve.ts";

const network = "convnet:width=8,depth=2";
const inMemory = () => pagePlace({ files: Promise.resolve(memoryFiles()), versions: { attar: "0" }, device: "a test" });
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
  ["in its own thread", () => new Host(runtime, inMemory())],
  [
    "at the other end of a line",
    () => {
      const engine = engineAt(lineOf(ports.port1));
      serveOn(lineOf(ports.port2), new Host(runtime, inMemory()));
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
    const images = unzipSync((await engine.exported(run, "images")).bytes);
    expect(Object.keys(images)).toEqual(
      expect.arrayContaining(["condensed.safetensors", "images/7/0.png", "grid.png"]),
    );
    expect(images["condensed.safetensors"]).toEqual(bytes);
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
    for (const { value, reference: [least, most] = [-1, -1] } of distances) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(least).toBeGreaterThanOrEqual(0);
      expect(most).toBeGreaterThan(least);
    }
    await engine.follow(run, true);
    const reading = await until((event) => event.type === "reading" && event.run === run);
    expect(reading.type === "reading" && reading.distances.map(({ name }) => name)).toEqual(["mean-difference", "mmd"]);
    expect(reading.type === "reading" && reading.distances[1]!.value).toBeCloseTo(
      distances.find(({ name }) => name === "mmd")!.value,
      6,
    );
  });

  test("T has a projection that an image's bytes are brought to by hand", async () => {
    const { directions, mean, points, shares, labels } = await engine.project(digits.id);
    expect(shares[0]).toBeGreaterThan(shares[1]!);
    expect(shares[0]! + shares[1]!).toBeLessThan(1);
    const samples = await engine.samples(digits.id, "train", 2000);
    expect([...labels]).toEqual([...samples.labels]);
    const places = placesOf(samples.data, { directions, mean });
    for (let i = 0; i < places.length; i += 97) expect(places[i]).toBeCloseTo(points[i]!, 3);
  });

  test("the nearest real image, a picture of one's own, and a step at a time", async () => {
    const run = await engine.start({ ...asked, seed: 9, steps: 5 });
    await until((event) => event.type === "frame" && event.run === run);
    await engine.stop(run);
    await ended(run);
    const { distance, images } = await engine.nearest(run, 3);
    expect(images).toMatchObject({ count: 1, height: 8, width: 8 });
    expect(distance).toBeGreaterThanOrEqual(0);
    const { state, step: before } = (await engine.newest())!;
    if (state === "stopped") {
      events.length = 0;
      await engine.resume(run, 1);
      await ended(run);
      expect((await engine.newest())!.step).toBe(before + 1);
    }
    const picture = await engine.samples(digits.id, "test", 1);
    const one = { ...picture, count: 1, data: picture.data.slice(0, 64), labels: [picture.labels[0]!] };
    expect((await engine.guessPicture(run, one)).seen.data).toEqual(one.data);
    await expect(engine.guessPicture(run, { ...one, height: 4 })).rejects.toThrow(/1 x 4 x 8/);
  });

  test("runs are kept, and opened again with their losses and sets", async () => {
    const run = await engine.start({ ...asked, seed: 11 });
    await ended(run);
    const { runs } = await engine.kept();
    expect(runs.find(({ id }) => id === run)).toMatchObject({
      method: "dm",
      ipc: 1,
      seed: 11,
      steps: 4,
      finished: true,
    });
    const opened = await engine.openRun(run);
    expect(opened).toMatchObject({ id: run, step: 4, steps: 4, state: "done" });
    expect(opened.losses.map(([step]) => step)).toEqual([1, 2, 3, 4]);
    const { bytes } = await engine.exported(run, "zip");
    expect(Object.keys(unzipSync(bytes))).toEqual(
      expect.arrayContaining([
        `${run}/run.json`,
        `${run}/condensed.safetensors`,
        `${run}/checkpoint/state-00000004.safetensors`,
      ]),
    );
    await expect(engine.openRun("../elsewhere")).rejects.toThrow(/no run \.\.\/elsewhere/);
  });

  test("what is not there is refused with what to do", async () => {
    await expect(engine.stop("absent")).rejects.toMatchObject({
      message: "there is no run absent here",
      hint: "start one",
    });
  });
});

describe("a recorded engine", () => {
  test("plays the run that was recorded, frame by frame, and refuses the rest in a sentence", async () => {
    const host = new Host(runtime, inMemory());
    const digits = await host.open({ known: "digits" });
    const asked = { dataset: digits.id, method: "dm", ipc: 1, seed: 2, steps: 3, network, settings: { realBatch: 4 } };
    const lived: StudioEvent[] = [];
    host.listen((event) => void lived.push(event));
    const recording = await recordingOf(host, digits, asked);
    const engine: Engine = replayOf(JSON.parse(JSON.stringify(recording)), 1);
    expect(await engine.about()).toEqual(await host.about());
    expect(await engine.methods()).toEqual(await host.methods());
    expect(await engine.open({ known: "digits" })).toEqual(digits);
    expect(await engine.samples(digits.id, "train", 10)).toEqual(await host.samples(digits.id, "train", 10));
    expect(await engine.resolve(asked)).toEqual(await host.resolve(asked));
    const played: StudioEvent[] = [];
    const end = new Promise<void>((resolve) => {
      engine.listen((event) => {
        played.push(event);
        if (event.type === "run.ended") resolve();
      });
    });
    const run = await engine.start(asked);
    await end;
    expect(played).toEqual(lived);
    expect(await engine.newest()).toMatchObject({ id: run, step: 3, steps: 3 });
    expect(await engine.resolve({ ...asked, ipc: 2 })).toMatchObject({ ok: false });
    await expect(engine.start({ ...asked, ipc: 2 })).rejects.toThrow(/recorded run/);
    await expect(engine.distances(run)).rejects.toThrow(/recorded run/);
    await expect(engine.stop("absent")).rejects.toThrow(/there is no run absent here/);
  });
});
