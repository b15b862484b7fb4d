import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { condense } from "../../src/condense/index.ts";
import type { StoredArray } from "../../src/data/arrayNamings.ts";
import { datasetFromArrays, encodeNpz, load } from "../../src/data/index.ts";
import { openRuntime, useRuntime } from "../../src/engine/index.ts";
import { parseNetwork } from "../../src/hypotheses/index.ts";
import { dm } from "../../src/methods/index.ts";
import type { Tell } from "./figure.ts";
import { clear, link, now, patient, runSeed, type Stage, says, seenBy, site, status } from "./page.ts";
import { quantile } from "./watch.ts";

/** A part of the measurement. */
export type Section = (stage: Stage, tell: Tell, minutes: number) => Promise<void>;

/** What a visitor's line carries. */
const sizes: Section = async (_, tell) => {
  const zipped = (name: string) => gzipSync(readFileSync(join(site, name))).length / 1024;
  tell("script before the first paint, compressed", zipped("main.js"), "KiB", 60);
  const page = ["main.js", "index.html", "theme.css", "offline.js"].reduce((sum, name) => sum + zipped(name), 0);
  tell("the page without its engine, compressed", page, "KiB", 100);
};

/** The first visit of a newcomer: when there is something to see, and when it moves. */
const first: Section = async ({ newcomer, server, tab }, tell) => {
  for (const [line, paint, move] of [
    ["on this machine", 0.3, 0.5],
    ["on 4G", 1, 1.5],
  ] as const) {
    const context = await newcomer();
    const page = await tab(context);
    if (line === "on 4G") {
      const session = await context.newCDPSession(page);
      const rates = { latency: 70, downloadThroughput: 1.2e6, uploadThroughput: 0.4e6 };
      await session.send("Network.emulateNetworkConditions", { offline: false, ...rates });
    }
    await page.goto(server.address);
    // Ten pictures make the first frame; the eleventh is the first that moves.
    await page.waitForFunction(
      () => (globalThis as { seen?: { moved: number[] } }).seen!.moved.length > 12,
      undefined,
      patient,
    );
    const { paints, moved } = await seenBy(page);
    tell(`first contentful paint ${line}`, (paints["first-contentful-paint"] ?? Number.NaN) / 1000, "s", paint);
    tell(`something moves ${line}`, moved[10]! / 1000, "s", move);
    await context.close();
  }
};

/** A run, cold with files kept and then warm; what the page feels of it; what the set is worth, and a guess. */
const run: Section = async ({ newcomer, visit }, tell) => {
  const context = await newcomer();
  const before = await visit(context, link("steps=5"));
  await says(before, /5 steps of/);
  await before.close();
  const page = await visit(context, link("steps=150"));
  const button = page.getByRole("button", { name: "▶ run" });
  await button.waitFor();
  const cold = await now(page);
  await button.click();
  await status(page, /step [1-9]\d* of 150/);
  tell("a first step, cold, files kept", ((await now(page)) - cold) / 1000, "s", 2);
  await status(page, /, done/);
  const warm = await now(page);
  await runSeed(page, 2);
  await status(page, /step [1-9]\d* of 150/);
  tell("a first step, warm", ((await now(page)) - warm) / 1000, "s", 0.4);
  await clear(page);
  const began = await now(page);
  await status(page, /, done/);
  const seconds = ((await now(page)) - began) / 1000;
  tell("steps of dm on digits, one image a class", 149 / seconds, "a second", 10, "higher");
  const felt = await seenBy(page);
  tell("frames of the page while it condenses: 95 % within", quantile(felt.frames, 0.95), "ms", 20);
  tell("the longest of them", quantile(felt.frames, 1), "ms", 60);
  const blocked = felt.long.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0);
  tell("blocking", (blocked / seconds) * 60, "ms a minute", 200);
  tell("pictures of S", felt.moved.length / 10 / seconds, "a second", 4.5, "higher");

  const train = await now(page);
  await page.getByRole("button", { name: /Train on these 10 images/ }).click();
  await says(page, /Accuracy on the test split/);
  tell("trained on ten digits for 100 epochs, answer shown", ((await now(page)) - train) / 1000, "s", 5);
  await says(page, /with the spread/);
  const guesses: number[] = [];
  for (let i = 0; i < 10; i++) {
    const text = await page
      .locator(".guesses")
      .textContent({ timeout: 1000 })
      .catch(() => "");
    const asked = await now(page);
    await page.getByRole("button", { name: "a test image" }).click();
    await page.waitForFunction(([old]) => (document.querySelector(".guesses")?.textContent ?? "") !== old, [text], {
      ...patient,
      polling: "raf",
    });
    guesses.push((await now(page)) - asked);
  }
  tell("a guess of three networks, median", quantile(guesses, 0.5), "ms", 50);
  tell("input to reaction, 95 %", quantile((await seenBy(page)).inputs, 0.95) || 16, "ms", 100);
  await context.close();
};

/** Runs before memory is looked at first: as many as an engine keeps at hand, and two. */
const early = 10;

/** The page's memory over minutes of runs, each of another seed. */
const memory: Section = async ({ browser, newcomer, visit }, tell, minutes) => {
  const context = await newcomer();
  const page = await visit(context, link("steps=60"));
  await says(page, /60 steps of/);
  // Without what this measurement itself took down, once what nobody needs is gone.
  const held = async () => {
    await clear(page);
    return page.evaluate(() => {
      (globalThis as { gc?: () => void }).gc?.();
      return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 2 ** 20;
    });
  };
  const session = await browser.newBrowserCDPSession();
  /** Resident memory of the processes that show pages, workers and WebAssembly among them. */
  const resident = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const own = processInfo.filter(({ type }) => type === "renderer");
    const pages = own.map(({ id }) => Number(readFileSync(`/proc/${id}/statm`, "utf8").split(" ")[1]));
    return (pages.reduce((a, b) => a + b, 0) * 4096) / 2 ** 20;
  };
  const until = Date.now() + 60_000 * minutes;
  let [runs, start, first] = [0, Number.NaN, Number.NaN];
  while (Date.now() < until || runs <= early) {
    await runSeed(page, 100 + runs);
    await status(page, /, done/);
    if (++runs === early) [start, first] = [await held(), await resident()];
  }
  const [end, last] = [await held(), await resident()];
  console.log(
    `${runs} runs in ${minutes} min; after ${early} and at the end: objects of the page ${start.toFixed(1)} and ${end.toFixed(1)} MiB, resident memory of page and engine ${first.toFixed(0)} and ${last.toFixed(0)} MiB`,
  );
  tell(`growth of the page's objects over ${minutes} min of runs`, (100 * (end - start)) / start, "%", 10);
  tell(`growth of page and engine in memory over ${minutes} min of runs`, (100 * (last - first)) / first, "%", 10);
  await context.close();
};

/** A step of a larger network, beside Node on the same cores. */
const network: Section = async ({ newcomer, visit }, tell) => {
  const mnist = await load("mnist").catch(() => undefined);
  if (!mnist) return console.log("MNIST is not on this machine: the larger network is left out");
  const [count, size, steps] = [500, 28 * 28, 12];
  const images = { shape: [count, 1, 28, 28], data: new Uint8Array(mnist.train.images.subarray(0, count * size)) };
  const labels = { shape: [count], data: new Int32Array(mnist.train.labels.subarray(0, count)) };
  const npz = encodeNpz({ x_train: images, y_train: labels, x_test: images, y_test: labels });
  const context = await newcomer();
  const page = await visit(context, link(`steps=${steps}`, "convnet"));
  await says(page, /12 steps of/);
  const file = { name: "mnist500.npz", mimeType: "application/zip", buffer: Buffer.from(npz) };
  await page.locator('input[type="file"][accept*=".npz"]').setInputFiles(file);
  await says(page, /mnist500: 500 images/);
  await page.getByRole("button", { name: "▶ run" }).click();
  await status(page, /step [2-9] of 12/);
  const at = await now(page);
  const from = Number(/step (\d+)/.exec((await page.textContent(".status")) ?? "")?.[1]);
  await status(page, /, done/);
  const inPage = ((await now(page)) - at) / 1000 / (steps - from);
  await context.close();

  const runtime = openRuntime();
  useRuntime(runtime);
  const arrays = new Map<string, StoredArray>();
  arrays.set("x_train", images).set("y_train", labels);
  const dataset = await datasetFromArrays(arrays, "mnist500", "mnist500");
  const times: number[] = [];
  let last = performance.now();
  for await (const event of condense(dataset, dm, { ipc: 1, steps, network: parseNetwork("convnet"), runtime })) {
    if (event.event !== "step") continue;
    times.push(performance.now() - last);
    last = performance.now();
  }
  await runtime[Symbol.asyncDispose]();
  const inNode = quantile(times.slice(2), 0.5) / 1000;
  console.log(
    `ConvNet-3 of width 128 at 28x28: ${inPage.toFixed(2)} s a step in the page, ${inNode.toFixed(2)} in Node`,
  );
  tell("a step of ConvNet-3, width 128, 28x28, beside Node's", inPage / inNode, "times", 6);
};

export const sections = { sizes, first, run, memory, network } satisfies Record<string, Section>;
