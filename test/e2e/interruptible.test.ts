import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeSafetensors } from "../../src/data/formats/safetensors.ts";
import { randomKey } from "../../src/engine/index.ts";
import { end, workplace } from "./attar.ts";

const { path, start } = workplace();
const module = JSON.stringify(new URL("../../dist/cli/interruptible.js", import.meta.url).href);

/** A process that does some work under `interruptible`, and says when it is at it. */
async function working(work: string, options = "{}") {
  const text = `
    import { writeSync } from "node:fs";
    import { interruptible } from ${module};
    await interruptible("stopping", {}, ${work}, ${options});
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", text], { stdio: ["ignore", "pipe", "pipe"] });
  await said(child.stdout, "ready");
  return child;
}

/** Resolves when a process has said some words: what it writes may come in several pieces. */
const said = (stream: Readable, words: string) =>
  new Promise<void>((resolve) => {
    let text = "";
    stream.on("data", (piece) => {
      text += piece;
      if (text.includes(words)) resolve();
    });
  });

const waiting = `(_, listen) => new Promise((done) => {
  setTimeout(done, 30_000);
  console.log("ready");
})`;

test("signals in one moment are one, a later one kills", async () => {
  const child = await working(waiting);
  // Two that wait to be heard together, however late that is: of one kind they would be one for the system.
  child.kill("SIGTERM");
  child.kill("SIGINT");
  await said(child.stderr, "stopping; once more stops at once");
  await sleep(400);
  expect(child.signalCode).toBe(null);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
});

test("while files are read, work that never gives the event loop a turn is ended by the first signal", async () => {
  const endless = `() => {
    writeSync(1, "ready");
    for (;;);
  }`;
  const child = await working(endless, "{ later: true }");
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
});

test("a command that reads is ended by the first signal, as a shell expects of a program without handlers", async () => {
  writeFileSync(path("long.csv"), `a,b,label\n${"1,2,x\n3,4,y\n".repeat(3_000_000)}`);
  for (const command of [["condense"], ["data", "info"], ["evaluate", "random", "--on"]]) {
    const child = start(...command, "long.csv");
    await sleep(300);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
  }
  rmSync(path("long.csv"));
});

test("once the work says so, the first signal is heard and not obeyed at once", async () => {
  const child = await working(waiting.replace("setTimeout", "listen(); setTimeout"), "{ later: true }");
  child.kill("SIGINT");
  await said(child.stderr, "stopping");
  expect(child.signalCode).toBe(null);
  child.kill("SIGKILL");
});

describe("long work without steps", () => {
  beforeAll(() => {
    const [count, side] = [8000, 28];
    const images = Uint8Array.from(randomKey(0).bits(count * side * side), (bits) => bits & 255);
    const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
    mkdirSync(dirname(path("data.safetensors")), { recursive: true });
    writeFileSync(
      path("data.safetensors"),
      encodeSafetensors({
        images: { shape: [count, 1, side, side], data: images },
        labels: { shape: [count], data: labels },
      }),
    );
  });

  // Left alone, each of them goes on for seconds, and ends with 0.
  test.each([
    ["k-means", ["--method", "kmeans", "--ipc", "1000"]],
    ["herding", ["--method", "herding", "--ipc", "3900"]],
    ["k-center", ["--method", "kcenter", "--ipc", "3900"]],
    ["a covering", ["--method", "mfc", "--ipc", "20"]],
    ["an initialisation", ["--method", "dm", "--ipc", "900", "--set", "initialisation=kmeans"]],
  ])("%s is ended by one signal, with exit code 4 and a sentence", async (name, args) => {
    const out = name.replace(" ", "-");
    const child = start("condense", "data.safetensors", ...args, "--net", "mlp:width=4", "--out", out, "--json");
    let text = "";
    child.stdout!.on("data", (piece) => {
      text += piece;
    });
    await said(child.stdout!, '"event":"start"');
    await sleep(500);
    const sent = Date.now();
    expect(await end(child, "SIGINT")).toBe(4);
    expect(Date.now() - sent).toBeLessThan(30_000);
    expect(JSON.parse(text.trim().split("\n").at(-1)!).error).toMatchObject({ code: "interrupted" });
    expect(existsSync(path(out, "condensed.safetensors"))).toBe(false);
  });
});
