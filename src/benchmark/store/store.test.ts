import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { s3Server } from "../../../test/fixtures/s3/server.ts";
import type { Backend } from "./backend.ts";
import { folderBackend } from "./folderBackend.node.ts";
import type { Result } from "./result.ts";
import { bucketAt, s3Backend } from "./s3Backend.node.ts";
import { signed } from "./signature.node.ts";
import { Store } from "./store.ts";

const root = mkdtempSync(join(tmpdir(), "attar-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

const text = (content: string) => new TextEncoder().encode(content);
const read = (content: Uint8Array | undefined) => content && new TextDecoder().decode(content);

const bucket = (endpoint: string) => ({
  ...{ endpoint, region: "us-east-1", bucket: "b", prefix: `p ${folders++}&/` },
  credentials: { accessKey: "key", secretKey: "secret" },
});

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});
async function served(options = {}): Promise<string> {
  const { server, endpoint } = await s3Server(options);
  servers.push(server);
  return endpoint;
}

const kinds: readonly (readonly [string, () => Promise<Backend>])[] = [
  ["a folder", async () => folderBackend(join(root, String(folders++)))],
  ["a bucket", async () => s3Backend(bucket(await served()))],
];

const result = (more: Partial<Result> = {}): Result => ({
  format: 1,
  kind: "condense",
  version: 1,
  key: "k",
  name: "dm/digits/ipc1/seed0",
  configuration: {},
  inputs: [],
  status: "ok",
  outputs: {},
  values: { loss: 1 },
  made: {
    versions: { attar: "0", node: "0", onnxruntime: "0" },
    ...{ device: "d", executor: "e", cores: 1, host: "h", load: 0, started: "now", seconds: 1 },
  },
  ...more,
});

describe.each(kinds)("%s", (_, open) => {
  test("has what was written, the last of it", async () => {
    const backend = await open();
    expect(await backend.get("a/b")).toBeUndefined();
    expect(await backend.list("a/")).toEqual([]);
    await backend.put("a/b", text("1"));
    await backend.put("a/b", text("2"));
    await backend.put("a/c d", text("3"));
    await backend.put("ab/c", text("4"));
    expect(read(await backend.get("a/b"))).toBe("2");
    expect((await backend.list("a/")).toSorted()).toEqual(["a/b", "a/c d"]);
    expect((await backend.many(["a/c d", "x", "a/b"])).map(read)).toEqual(["3", undefined, "2"]);
    await backend.remove("a/b");
    await backend.remove("a/b");
    expect(await backend.list("a/")).toEqual(["a/c d"]);
  });

  test("of many who add a name at once, one does, and its content stays", async () => {
    const backend = await open();
    const added = await Promise.all(
      Array.from({ length: 20 }, (_, i) => backend.add("r/k", text(`${i}`.repeat(1000)))),
    );
    expect(added.filter(Boolean).length).toBe(1);
    expect(read(await backend.get("r/k"))).toBe(`${added.indexOf(true)}`.repeat(1000));
    expect(await backend.list("r/")).toEqual(["r/k"]);
  });

  test("the first result stays, an equal one is nothing, another one an alarm", async () => {
    const store = new Store(await open());
    expect(await store.settle(result())).toBe("kept");
    const later = { ...result().made, host: "other", seconds: 7 };
    expect(await store.settle(result({ made: later }))).toBe("there");
    expect(await store.alarms()).toEqual([]);
    expect(await store.settle(result({ values: { loss: 2 } }))).toBe("alarm");
    expect(await store.settle(result({ values: { loss: 3 } }), { compare: false })).toBe("there");
    expect(await store.result("condense", "k")).toEqual(result());
    expect((await store.alarms()).map(({ values }) => values)).toEqual([{ loss: 2 }]);
    expect([...(await store.keys("condense"))]).toEqual(["k"]);
  });

  test("attempts keep their order, and are forgotten with what was stopped", async () => {
    const store = new Store(await open());
    const attempt = (message: string) => ({ outcome: "failed", host: "h", at: "now", message }) as const;
    for (let i = 0; i < 12; i++) await store.addAttempt("k", attempt(String(i)));
    await store.stop("k");
    expect((await store.attempts()).get("k")!.map(({ message }) => Number(message))).toEqual(
      Array.from({ length: 12 }, (_, i) => i),
    );
    expect([...(await store.stopped())]).toEqual(["k"]);
    await store.forget("k");
    expect((await store.attempts()).size + (await store.stopped()).size).toBe(0);
  });

  test("objects are found by their content's digest, changed ones refused", async () => {
    const backend = await open();
    const store = new Store(backend);
    const digest = await store.keep(text("content"));
    expect(read(await store.object(digest))).toBe("content");
    await backend.put(`objects/${digest.slice(0, 2)}/${digest}`, text("forged"));
    await expect(store.object(digest)).rejects.toMatchObject({ code: "damaged-store", exitCode: 1 });
    await expect(store.object("0".repeat(64))).rejects.toMatchObject({ code: "damaged-store" });
  });

  test("checkpoints are replaced as a whole", async () => {
    const store = new Store(await open());
    await store.keepCheckpoint(
      "k",
      new Map([
        ["a", text("1")],
        ["b/c", text("2")],
      ]),
    );
    await store.keepCheckpoint("k", new Map([["a", text("3")]]));
    expect([...(await store.checkpoint("k"))].map(([name, content]) => [name, read(content)])).toEqual([["a", "3"]]);
    await store.dropCheckpoint("k");
    expect((await store.checkpoint("k")).size).toBe(0);
  });

  test("a store takes what another has, with what its results name", async () => {
    const [a, b] = [new Store(await open()), new Store(await open())];
    const set = await a.keep(text("set"));
    const events = await a.keep(text("log"));
    const one = result({ outputs: { set } });
    await a.settle({ ...one, made: { ...one.made, events } });
    expect(await b.takeFrom(a, ["condense", "evaluate"])).toEqual({ taken: 1, alarms: 0 });
    expect(await b.takeFrom(a, ["condense", "evaluate"])).toEqual({ taken: 0, alarms: 0 });
    expect(read(await b.object(set))).toBe("set");
    expect(read(await b.object(events))).toBe("log");
  });
});

test("a damaged result is named", async () => {
  const folder = join(root, String(folders++));
  const backend = folderBackend(folder);
  await backend.put("results/condense/k.json", text('{"format":1,'));
  await expect(new Store(backend).result("condense", "k")).rejects.toMatchObject({
    code: "damaged-store",
    message: expect.stringContaining(`${folder}/results/condense/k.json`),
  });
});

test("a file in the folder's place, and a folder that may not be written, are one sentence", async () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  await expect(folderBackend(file).put("a/b", text(""))).rejects.toMatchObject({ code: "cannot-write", exitCode: 1 });
  await expect(folderBackend(file).add("a/b", text(""))).rejects.toMatchObject({ code: "cannot-write", exitCode: 1 });
  if (process.getuid?.() === 0) return;
  const folder = mkdtempSync(join(root, "closed-"));
  chmodSync(folder, 0o500);
  await expect(folderBackend(folder).add("a/b", text(""))).rejects.toMatchObject({ code: "cannot-write", exitCode: 1 });
  expect(readdirSync(folder)).toEqual([]);
});

describe("a service", () => {
  test("is asked with the signature of Amazon's documentation (Signature Version 4, GET Object)", () => {
    const headers = signed(
      {
        method: "GET",
        url: new URL("https://examplebucket.s3.amazonaws.com/test.txt"),
        headers: { range: "bytes=0-9" },
        body: new Uint8Array(),
      },
      { accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
      "us-east-1",
      new Date("2013-05-24T00:00:00Z"),
    );
    expect(headers.authorization).toMatch(
      /Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
    );
  });

  test("that keeps the second of two results, refuses, or is not there, is one sentence", async () => {
    await expect(s3Backend(bucket(await served({ honours: false }))).add("a", text("1"))).rejects.toMatchObject({
      code: "no-store",
      message: expect.stringMatching(/does not honour If-None-Match/),
    });
    const stranger = { ...bucket(await served()), credentials: { accessKey: "other", secretKey: "" } };
    await expect(s3Backend(stranger).get("a")).rejects.toMatchObject({
      code: "no-store",
      message: expect.stringMatching(/refuses to read a: 403 who are you$/),
    });
    await expect(s3Backend(bucket("http://127.0.0.1:1")).get("a")).rejects.toMatchObject({
      code: "no-store",
      exitCode: 1,
      message: expect.stringMatching(/cannot be reached/),
    });
  });

  test("has its address and keys from AWS's variables", () => {
    const env = { AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s", AWS_REGION: "eu-west-1" };
    expect(bucketAt("s3://b/x/y", env)).toMatchObject({
      endpoint: "https://s3.eu-west-1.amazonaws.com",
      bucket: "b",
      prefix: "x/y/",
    });
    expect(() => bucketAt("s3://b", {})).toThrow(/needs AWS_ACCESS_KEY_ID/);
  });
});
