import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresPrograms, startPostgres } from "../../../test/fixtures/postgres/server.ts";
import type { AnyJob } from "../jobs/job.ts";
import { InProcessQueue } from "./inProcess.ts";
import { openQueue } from "./openQueue.node.ts";
import { BossQueue } from "./pgBoss.node.ts";
import type { Queue } from "./queue.ts";

const job = (key: string, exclusive = false): AnyJob => ({
  kind: "import",
  version: 1,
  key,
  name: key,
  configuration: {},
  inputs: [],
  task: { dataset: { name: "digits" }, path: "", sha256: "" },
  work: 0,
  ...(exclusive && { exclusive }),
});

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** The address of a PostgreSQL server that lives as long as these tests. */
async function served(): Promise<string> {
  const { address, stop } = await startPostgres();
  closing.push(stop);
  return address;
}

const engines: readonly (readonly [string, boolean, () => Promise<Queue>])[] = [
  ["in this process", true, async () => new InProcessQueue()],
  ["pg-boss on PGlite", true, () => BossQueue.embedded("memory://")],
  [
    `pg-boss on PostgreSQL${postgresPrograms ? "" : " (skipped: Debian's postgresql is not installed)"}`,
    postgresPrograms !== undefined,
    async () => BossQueue.connect(await served()),
  ],
];

for (const [name, there, open] of engines)
  describe.skipIf(!there)(name, () => {
    let queue: Queue;
    beforeAll(async () => {
      queue = await open();
      closing.push(() => queue.close());
    });

    test("a key is in it once, waiting or under way; the first is first", async () => {
      await queue.enqueue([job("a"), job("b"), job("c")]);
      await queue.enqueue([job("a"), job("b"), job("c")]);
      expect(await queue.counts()).toEqual({ queued: 3, active: 0 });
      const claim = await queue.claim("shared");
      expect(claim!.job).toEqual(job("a"));
      await queue.enqueue([job("a")]);
      expect(await queue.counts()).toEqual({ queued: 2, active: 1 });
      await queue.beat(claim!);
      await queue.settle(claim!);
      expect(await queue.counts()).toEqual({ queued: 2, active: 0 });
      await queue.cancel(["b", "c"]);
      expect(await queue.counts()).toEqual({ queued: 0, active: 0 });
      expect(await queue.claim("shared")).toBeUndefined();
    });

    test("what is given back stands behind those that wait, and can be settled in its turn", async () => {
      await queue.enqueue([job("d"), job("e")]);
      const first = await queue.claim("shared");
      await queue.yield(first!);
      const turns = [await queue.claim("shared"), await queue.claim("shared")];
      expect(turns.map((claim) => claim?.job.key)).toEqual(["e", "d"]);
      for (const claim of turns) await queue.settle(claim!);
      await queue.enqueue([job("d")]);
      const again = await queue.claim("shared");
      expect(again?.job.key).toBe("d");
      await queue.settle(again!);
    });

    test("what must be alone is claimed apart", async () => {
      await queue.enqueue([job("f", true), job("g")]);
      const [shared, exclusive] = [await queue.claim("shared"), await queue.claim("exclusive")];
      expect([shared!.job.key, exclusive!.job.key]).toEqual(["g", "f"]);
      await queue.settle(shared!);
      await queue.settle(exclusive!);
    });

    test("a claim hears that its job is cancelled", async () => {
      await queue.enqueue([job("h")]);
      const claim = await queue.claim("shared");
      expect(claim!.signal.aborted).toBe(false);
      await queue.cancel(["h"]);
      await queue.beat(claim!);
      expect(claim!.signal.aborted).toBe(true);
      await queue.settle(claim!);
      expect(await queue.counts()).toEqual({ queued: 0, active: 0 });
    });
  });

describe("a queue that cannot be", () => {
  test.each([
    ["redis://x", "bad-option", /"redis:\/\/x" is no queue/],
    [
      "postgres://attar:secret@127.0.0.1:1/x",
      "no-queue",
      /^the queue postgres:\/\/attar@127.0.0.1:1\/x cannot be reached: .*ECONNREFUSED/,
    ],
  ])("%s is one sentence", async (address, code, message) => {
    await expect(openQueue(address, tmpdir())).rejects.toMatchObject({
      name: "AttarError",
      code,
      message: expect.stringMatching(message),
    });
  });
});
