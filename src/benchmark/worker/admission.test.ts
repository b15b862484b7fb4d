import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { AnyJob } from "../jobs/job.ts";
import { InProcessQueue } from "../queue/inProcess.ts";
import { folderBackend } from "../store/folderBackend.node.ts";
import { Store } from "../store/store.ts";
import { machineMemory } from "./machineMemory.node.ts";
import { Supervisor } from "./supervisor.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-admission-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A child that takes a quarter of a second for any job. */
const child = join(root, "child.mjs");
writeFileSync(
  child,
  `process.on("message", (m) => m.run && setTimeout(() => process.send({ event: "ended", outcome: "done" }), 250));
   process.on("disconnect", () => process.exit(0));`,
);

const job = (key: string, memory: number): AnyJob => ({
  ...{ kind: "import", version: 1, key, name: key, configuration: {}, inputs: [], work: 0, memory },
  task: { dataset: { name: "digits" }, path: "", sha256: "" },
});

/** Works off jobs. @returns the most that were under way at once, and how each ended */
async function worked(jobs: readonly AnyJob[], memory: number) {
  const store = new Store(folderBackend(join(root, String(Math.random()))));
  const queue = new InProcessQueue();
  await queue.enqueue(jobs);
  const under = new Map<string, number>();
  let most = 0;
  const ends: string[] = [];
  await new Supervisor(queue, store, {
    ...{ store: root, threads: 1, slots: 3, child, memory, work: join(root, "work") },
    refill: async () => undefined,
    onStart: ({ key, memory: own = 0 }) => {
      under.set(key, own);
      most = Math.max(
        most,
        [...under.values()].reduce((a, b) => a + b, 0),
      );
    },
    onEnd: ({ key }, { outcome, message }) => {
      under.delete(key);
      ends.push(`${key} ${outcome}${message ? `: ${message}` : ""}`);
    },
  }).run();
  return { most, ends: ends.sort(), attempts: await store.attempts() };
}

test("jobs are started only while they fit the memory together, and all are done", async () => {
  const jobs = [job("a", 4e9), job("b", 5e9), job("c", 2e9), job("d", 1e9)];
  const { most, ends } = await worked(jobs, 6e9);
  expect(ends).toEqual(["a done", "b done", "c done", "d done"]);
  expect(most).toBeLessThanOrEqual(6e9);
  expect((await worked(jobs, 12e9)).most).toBeGreaterThan(6e9);
});

test("one that never fits fails with the number, and the others are done", async () => {
  const { ends, attempts } = await worked([job("large", 9e9), job("small", 1e9)], 6e9);
  expect(ends).toEqual([
    "large wrong-input: it takes about 9.0 GB of memory, and 6.0 GB are lent to jobs here",
    "small done",
  ]);
  expect(attempts.get("large")).toMatchObject([
    { outcome: "wrong-input", hint: "lend more with --memory 9GB, then attar benchmark retry" },
  ]);
});

test("a machine lends four fifths of what is free, and of a container's limit where that is less", () => {
  const of = (free: number, limit: number) =>
    machineMemory({ availableMemory: () => free, constrainedMemory: () => limit });
  expect([of(10, 0), of(10, 5), of(10, 2 ** 63)]).toEqual([8, 4, 8]);
});
