import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { condense } from "../../src/condense/index.ts";
import type { StoredArray } from "../../src/data/arrayNamings.ts";
import { datasetFromArrays, encodeNpz, load } from "../../src/data/index.ts";
import { openRuntime, useRuntime } from "../../src/engine/index.ts";
import { parseNetwork } from "../../src/hypotheses/index.ts";
import { dm } from "../../src/methods/index.ts";
import { serveStudio } from "../../src/studio/server.node.ts";
import { checkedOut, describeMachine } from "../machine.ts";
import { quantile, type Seen, watching } from "./watch.ts";

const usage = `npm run studio:measure -- [options]

The studio's page in Chromium on this machine: sizes, first pictures, steps, frames, answers, memory; each beside what is aimed at. Takes some
five minutes and the machine to itself.

  --minutes N   minutes of runs for the figure of memory; 2 where left out
  --out FILE    writes the figures there, docs/results/studio.json say
  --help        this text`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "2" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: number;
  readonly better: "lower" | "higher";
}
const figures: Figure[] = [];
const tell = (what: string, value: number, unit: string, aim: number, better: Figure["better"] = "lower") => {
  figures.push({ what, value: Number(value.toPrecision(4)), unit, aim, better });
  const met = better === "lower" ? value <= aim : value >= aim;
  console.log(`${met ? "met  " : "short"}  ${what}: ${value.toPrecision(3)} ${unit} (aim ${aim})`);
};

const site = new URL("../../../dist/studio/site/", import.meta.url).pathname;
const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";
const server = await serveStudio(site);
const args = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info", "--js-flags=--expose-gc"];
const browser: Browser = await chromium.launch({ executablePath: executable, args, headless: true });
const patient = { timeout: 180_000 };

async function visit(context: BrowserContext, hash = ""): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(watching);
  await page.goto(`${server.address}${hash}`);
  return page;
}
const seenBy = (page: Page) => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
const clear = (page: Page) =>
  page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: Record<"frames" | "long" | "moved" | "inputs", number[]> };
    for (const name of ["frames", "long", "moved", "inputs"] as const) seen[name].length = 0;
  });
const status = (page: Page, text: RegExp) =>
  page.waitForFunction(
    ([source]) => new RegExp(source!).test(document.querySelector(".status")?.textContent ?? ""),
    [text.source],
    { ...patient, polling: 20 },
  );
const now = (page: Page) => page.evaluate(() => performance.now());
const link = (more: string) => `#method=dm&ipc=1&seed=0&net=convnet%3Awidth%3D32%2Cdepth%3D2&${more}`;
const ready = (page: Page, steps: number) =>
  page.waitForFunction(([n]) => document.body.textContent?.includes(`${n} steps of`), [steps], patient);

// Sizes.
const zipped = (name: string) => gzipSync(readFileSync(join(site, name))).length / 1024;
tell("script before the first paint, compressed", zipped("main.js"), "KiB", 60);
const page = ["main.js", "index.html", "theme.css", "offline.js"].reduce((sum, name) => sum + zipped(name), 0);
tell("the page without its engine, compressed", page, "KiB", 100);

// The first visit, with nothing kept, then on a slow line.
for (const [line, paint, move] of [
  ["on this machine", 0.3, 0.5],
  ["on 4G", 1, 1.5],
] as const) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  await tab.addInitScript(watching);
  if (line === "on 4G") {
    const session = await context.newCDPSession(tab);
    const rates = { latency: 70, downloadThroughput: 1.2e6, uploadThroughput: 0.4e6 };
    await session.send("Network.emulateNetworkConditions", { offline: false, ...rates });
  }
  await tab.goto(server.address);
  await tab.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.moved.length > 12, undefined, patient);
  const { paints, moved } = await seenBy(tab);
  tell(`first contentful paint ${line}`, (paints["first-contentful-paint"] ?? Number.NaN) / 1000, "s", paint);
  // Ten pictures make the first frame; the eleventh is the first that moves.
  tell(`something moves ${line}`, moved[10]! / 1000, "s", move);
  await context.close();
}

// A run: cold with files kept, then warm; what the page feels of it.
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const first = await visit(context, link("steps=5"));
await ready(first, 5);
await first.close();
const tab = await visit(context, link("steps=150"));
await tab.getByRole("button", { name: "▶ run" }).waitFor();
const cold = await now(tab);
await tab.getByRole("button", { name: "▶ run" }).click();
await status(tab, /step [1-9]\d* of 150/);
tell("a first step, cold, files kept", ((await now(tab)) - cold) / 1000, "s", 2);
await status(tab, /, done/);
await tab.getByLabel("seed").fill("2");
await clear(tab);
const warm = await now(tab);
await tab.getByLabel("seed").press("Enter");
await tab.waitForFunction(() => /seed=2/.test(location.hash), undefined, { ...patient, polling: 20 });
await status(tab, /step [1-9]\d* of 150/);
tell("a first step, warm", ((await now(tab)) - warm) / 1000, "s", 0.4);
await clear(tab);
const began = await now(tab);
await status(tab, /, done/);
const seconds = ((await now(tab)) - began) / 1000;
tell("steps of dm on digits, one image a class", 149 / seconds, "a second", 10, "higher");
const felt = await seenBy(tab);
tell("frames of the page while it condenses: 95 % within", quantile(felt.frames, 0.95), "ms", 20);
tell("the longest of them", quantile(felt.frames, 1), "ms", 60);
const blocked = felt.long.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0);
tell("blocking", (blocked / seconds) * 60, "ms a minute", 200);
tell("pictures of S", felt.moved.length / 10 / seconds, "a second", 4.5, "higher");

// What it is worth, and a guess.
const train = await now(tab);
await tab.getByRole("button", { name: /Train on these 10 images/ }).click();
await tab.waitForFunction(
  () =>
    /\d %/.test(document.querySelector("table.bars .number")?.textContent ?? "") &&
    /Accuracy on the test split/.test(document.body.textContent ?? ""),
  undefined,
  patient,
);
tell("trained on ten digits for 100 epochs, answer shown", ((await now(tab)) - train) / 1000, "s", 5);
await tab.waitForFunction(() => /with the spread/.test(document.body.textContent ?? ""), undefined, patient);
const guesses: number[] = [];
for (let i = 0; i < 10; i++) {
  const asked = await now(tab);
  await tab.evaluate(() => document.querySelector(".guesses")?.remove());
  await tab.getByRole("button", { name: "a test image" }).click();
  await tab.waitForFunction(() => document.querySelector(".guesses .bars") !== null, undefined, {
    ...patient,
    polling: "raf",
  });
  guesses.push((await now(tab)) - asked);
}
tell("a guess of three networks, median", quantile(guesses, 0.5), "ms", 50);
tell("input to reaction, 95 %", quantile((await seenBy(tab)).inputs, 0.95) || 16, "ms", 100);

// Memory over minutes of runs.
const memory = () =>
  tab.evaluate(() => {
    (globalThis as { gc?: () => void }).gc?.();
    return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 2 ** 20;
  });
const until = Date.now() + 60_000 * Number(values.minutes);
let [runs, start] = [0, Number.NaN];
while (Date.now() < until) {
  await tab.getByLabel("seed").fill(String(100 + runs));
  await tab.getByLabel("seed").press("Enter");
  await tab.waitForFunction(([n]) => location.hash.includes(`seed=${n}`), [100 + runs], patient);
  await status(tab, /, done/);
  if (++runs === 2) start = await memory();
}
const end = await memory();
console.log(`${runs} runs in ${values.minutes} min: ${start.toFixed(1)} MiB after two, ${end.toFixed(1)} at the end`);
tell(`growth of the page's memory over ${values.minutes} min of runs`, (100 * (end - start)) / start, "%", 10);
await context.close();

// A larger network, beside Node on the same cores.
const mnist = await load("mnist").catch(() => undefined);
if (mnist) {
  const count = 500;
  const size = 28 * 28;
  const part = { shape: [count, 1, 28, 28], data: new Uint8Array(mnist.train.images.subarray(0, count * size)) };
  const labels = { shape: [count], data: new Int32Array(mnist.train.labels.subarray(0, count)) };
  const npz = encodeNpz({ x_train: part, y_train: labels, x_test: part, y_test: labels });
  const other = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const large = await visit(other, "#method=dm&ipc=1&seed=0&steps=12&net=convnet");
  await ready(large, 12);
  const input = large.locator('input[type="file"][accept*=".npz"]');
  await input.setInputFiles({ name: "mnist500.npz", mimeType: "application/zip", buffer: Buffer.from(npz) });
  await large.waitForFunction(() => /mnist500: 500 images/.test(document.body.textContent ?? ""), undefined, patient);
  await large.getByRole("button", { name: "▶ run" }).click();
  await status(large, /step [2-9] of 12/);
  const at = await now(large);
  const from = Number(/step (\d+)/.exec((await large.textContent(".status")) ?? "")?.[1]);
  await status(large, /, done/);
  const inPage = ((await now(large)) - at) / 1000 / (12 - from);
  await other.close();
  const runtime = openRuntime();
  useRuntime(runtime);
  const arrays = new Map<string, StoredArray>();
  arrays.set("x_train", part).set("y_train", labels);
  const dataset = await datasetFromArrays(arrays, "mnist500", "mnist500");
  const times: number[] = [];
  let last = performance.now();
  for await (const event of condense(dataset, dm, { ipc: 1, steps: 12, network: parseNetwork("convnet"), runtime }))
    if (event.event === "step") {
      times.push(performance.now() - last);
      last = performance.now();
    }
  await runtime[Symbol.asyncDispose]();
  const inNode = quantile(times.slice(2), 0.5) / 1000;
  console.log(
    `ConvNet-3 of width 128 at 28x28: ${inPage.toFixed(2)} s a step in the page, ${inNode.toFixed(2)} in Node`,
  );
  tell("a step of ConvNet-3, width 128, 28x28, beside Node's", inPage / inNode, "times", 6);
} else console.log("MNIST is not on this machine: the larger network is left out");

await browser.close();
await server.close();
const threads = availableParallelism();
const record = {
  commit: checkedOut(),
  machine: describeMachine(threads),
  browser: `Chromium ${browser.version()}`,
  minutes: Number(values.minutes),
  figures,
};
if (values.out) writeFileSync(values.out, `${JSON.stringify(record, null, 2)}\n`);
