import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { decodeMessage, encodeMessage } from "../../src/studio/codec.ts";
import type { DatasetFacts, Engine, StudioEvent } from "../../src/studio/contract.ts";
import { engineAt, type Line } from "../../src/studio/line.ts";
import { reportsKey } from "../../src/studio/reportsKey.ts";
import { bundleSite } from "../browser/site.ts";
import { end, workplace } from "./attar.ts";

const { path, start, attar } = workplace();
const network = "convnet:width=8,depth=2";
let server: ChildProcess;
let origin: string;
let token: string;

beforeAll(async () => {
  await bundleSite();
  server = start("studio", "runs", "--json", "--threads", "1");
  const address = await new Promise<string>((resolve, reject) => {
    server.stdout!.once("data", (text) => resolve(JSON.parse(String(text)).address));
    server.once("exit", (code) => reject(new Error(`attar studio ended with ${code}`)));
  });
  [origin = "", token = ""] = address.split("/#token=");
});

afterAll(() => void server?.kill("SIGKILL"));

const socketFrom = (from: string, way = "/line") =>
  new WebSocket(`${origin.replace("http", "ws")}${way}`, { origin: from });

/** How a socket ends: refused before it opened, or closed with a code. */
const outcome = (socket: WebSocket, say?: string | Uint8Array) =>
  new Promise<string | number>((resolve) => {
    socket.on("open", () => say !== undefined && socket.send(say));
    socket.on("message", (data) => resolve(String(data)));
    socket.on("error", (error) => resolve(error.message));
    socket.on("close", (code) => resolve(code));
  });

async function tab(): Promise<{ engine: Engine; close(): void }> {
  const socket = socketFrom(origin);
  socket.binaryType = "nodebuffer";
  expect(await outcome(socket, token)).toBe("welcome");
  socket.removeAllListeners("message");
  const line: Line = { onmessage: null, postMessage: (message) => socket.send(encodeMessage(message)) };
  socket.on("message", (data: Buffer) => line.onmessage?.(new MessageEvent("message", { data: decodeMessage(data) })));
  return { engine: engineAt(line), close: () => socket.terminate() };
}

test("a page of another site, a wrong token and none are refused", async () => {
  expect(await outcome(socketFrom("http://attacker.example"), token)).toMatch(/403/);
  expect(await outcome(socketFrom(origin.replace("127.0.0.1", "localhost")), token)).toMatch(/403/);
  expect(await outcome(socketFrom(origin, "/other"), token)).toMatch(/403/);
  expect(
    await outcome(
      socketFrom(origin),
      token.replace(/^./, (c) => (c === "0" ? "1" : "0")),
    ),
  ).toBe(1008);
  expect(await outcome(socketFrom(origin), encodeMessage({ id: 1, name: "about", words: [] }))).toBe(1008);
  expect(await outcome(socketFrom(origin)), "no word within two seconds").toBe(1008);
});

test("a run outlives its tab, another tab finds it, and the command line goes on with it", async () => {
  const first = await tab();
  const events: StudioEvent[] = [];
  first.engine.listen((event) => void events.push(event));
  expect(await first.engine.about()).toMatchObject({ engine: "on this machine", threads: 1 });
  await expect(first.engine.open({ known: "/etc/passwd" })).rejects.toThrow(/no dataset named/);
  const digits: DatasetFacts = await first.engine.open({ known: "digits" });
  const asked = { dataset: digits.id, method: "dm", ipc: 1, seed: 0, steps: 400, network, settings: { realBatch: 4 } };
  const run = await first.engine.start(asked);
  await expect.poll(() => events.some((event) => event.type === "step")).toBe(true);
  first.close();

  const second = await tab();
  const before = (await second.engine.newest())!;
  expect(before).toMatchObject({ id: run, state: "running" });
  await expect.poll(async () => (await second.engine.newest())!.step).toBeGreaterThan(before.step);
  await second.engine.stop(run);
  await expect.poll(async () => (await second.engine.newest())!.state).toBe("stopped");
  const stopped = (await second.engine.newest())!;
  expect(stopped.losses.map(([step]) => step)).toEqual(Array.from({ length: stopped.step }, (_, i) => i + 1));
  second.close();

  expect(existsSync(path("runs", run, "condensed.safetensors"))).toBe(false);
  const words = ["condense", "digits", "--method", "dm", "--ipc", "1", "--seed", "0", "--steps", "400"];
  const found = await attar(...words, "--net", network, "--set", "realBatch=4", "--out", `runs/${run}`, "--resume");
  expect(found.code, found.stderr).toBe(0);
  const whole = await attar(...words, "--net", network, "--set", "realBatch=4", "--out", "whole");
  expect(whole.code).toBe(0);
  const set = (folder: string) => readFileSync(path(folder, "condensed.safetensors"));
  expect(set(`runs/${run}`).equals(set("whole"))).toBe(true);
  expect(readdirSync(path("runs"))).toEqual([run]);
});

test("runs of the command line and rows of studies are found, a report is given, and a bomb of an archive is refused", async () => {
  const made = await attar(...["condense", "digits", "--method", "random", "--ipc", "1", "--out", "runs/made"]);
  expect(made.code, made.stderr).toBe(0);
  const row = { subject: "dm", dataset: "digits", ipc: 1, metric: "accuracy", status: "ok", value: 0.5 };
  writeFileSync(path("runs", "tried.rows.ndjson"), `${JSON.stringify(row)}\n`);
  mkdirSync(path("runs", "report"));
  for (const name of ["index.html", "rows.parquet"]) writeFileSync(path("runs", "report", name), name);
  const { engine, close } = await tab();
  const { runs, studies, reports } = await engine.kept();
  expect(runs[0]).toMatchObject({ id: "made", method: "random", finished: true });
  expect([studies, reports]).toEqual([["tried.rows.ndjson"], ["report"]]);
  const opened = await engine.openRun("made");
  expect(opened).toMatchObject({ state: "done", images: { count: 10 } });
  expect((await engine.exported("made", "png")).name).toBe("grid.png");
  expect((await engine.study("tried.rows.ndjson")).rows[0]).toMatchObject({ method: "dm" });
  for (const id of ["../whole", "made/../../whole", "/etc", ""])
    await expect(engine.openRun(id)).rejects.toThrow(/there is no run/);
  await expect(engine.study("../../package.json")).rejects.toThrow(/there are no rows/);
  const ask = (at: string) => fetch(`${origin}/reports/${at}`).then((answer) => answer.status);
  expect(await ask(`${await reportsKey(token)}/report/index.html`)).toBe(200);
  expect(await ask(`${"0".repeat(64)}/report/index.html`)).toBe(404);
  const bomb = zipSync({ "pets/cat/0.png": new Uint8Array(2 ** 27) });
  await expect(
    engine.open({ name: "bomb", files: [{ path: "bomb.zip", bytes: new Uint8Array(bomb) }] }),
  ).rejects.toThrow(/would inflate to/);
  close();
});

test("Ctrl-C ends the server and its engine while a tab is open and a run under way, which is kept", async () => {
  const { engine } = await tab();
  const events: StudioEvent[] = [];
  engine.listen((event) => void events.push(event));
  const { id } = await engine.open({ known: "digits" });
  const run = await engine.start({ dataset: id, method: "dm", ipc: 1, seed: 1, steps: 4000, network, settings: {} });
  await expect.poll(() => events.some((event) => event.type === "step")).toBe(true);
  expect(await end(server, "SIGINT")).toBe(0);
  expect(readdirSync(path("runs", run, "checkpoint"))).toContainEqual(
    expect.stringMatching(/^state-\d+\.safetensors$/),
  );
  await expect(fetch(origin)).rejects.toThrow();
});
