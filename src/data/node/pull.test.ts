import { createHash } from "node:crypto";
import { access, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "fflate";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pull } from "./pull.node.ts";
import { type SourceFile, sources } from "./sources.ts";

const body = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 2654435761) >>> 24));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const wanted: SourceFile = {
  file: "a.bin",
  url: "https://example.invalid/a.bin",
  bytes: body.length,
  sha256: sha256(body),
};

let folder: string;
let server: Server;
let requests: { range: string | undefined }[];
let baseUrl: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-pull-"));
  requests = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<void> {
  server = createServer((request, response) => {
    requests.push({ range: request.headers.range });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves `content` with ranges; the first `breaks` answers are cut off half way. */
function ranged(content: Buffer, breaks = 0): RequestListener {
  return (request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const rest = content.subarray(start);
    const head = start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { ...head, "content-length": rest.length });
    if (requests.length > breaks) response.end(rest);
    else response.write(rest.subarray(0, rest.length >> 1), () => setTimeout(() => response.destroy(), 20));
  };
}
const run = (options = {}) => pull("set", { baseUrl, folder, files: [wanted], ...options });
const exists = (name: string) =>
  access(join(folder, name)).then(
    () => true,
    () => false,
  );

test("fetches, verifies, reports progress; what is there is not fetched again", async () => {
  await serve(ranged(body));
  const seen: number[] = [];
  expect(
    await run({
      onProgress: ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }) =>
        seen.push(doneBytes / totalBytes),
    }),
  ).toBe(folder);
  expect(await readFile(join(folder, "a.bin"))).toEqual(body);
  expect(seen.at(-1)).toBe(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  await run();
  expect(requests.length).toBe(1);
  expect(await readdir(folder)).toEqual(["a.bin"]);
});

test("goes on where a broken connection stopped", async () => {
  await serve(ranged(body, 2));
  await run();
  expect(await readFile(join(folder, "a.bin"))).toEqual(body);
  expect(requests[0]!.range).toBeUndefined();
  expect(Number(/bytes=(\d+)-/.exec(requests[1]!.range!)![1])).toBeGreaterThan(0);
  expect(requests.length).toBe(3);
});

test("after giving up, a later call resumes from the part", async () => {
  await serve(ranged(body, 5));
  await expect(run()).rejects.toMatchObject({
    code: "download-failed",
    exitCode: 1,
    message: expect.stringMatching(/the connection broke/),
  });
  const { size } = await stat(join(folder, "a.bin.part"));
  expect(size).toBeGreaterThan(0);
  await run();
  expect(requests.at(-1)!.range).toBe(`bytes=${size}-`);
  expect(await readFile(join(folder, "a.bin"))).toEqual(body);
});

test("a server without ranges starts over", async () => {
  await serve((_request, response) => response.writeHead(200, { "content-length": body.length }).end(body));
  await writeFile(join(folder, "a.bin.part"), "stale");
  await run();
  expect(await readFile(join(folder, "a.bin"))).toEqual(body);
});

test("an abort keeps the part, exit code 4", async () => {
  await serve((_request, response) => {
    response.writeHead(200, { "content-length": body.length });
    response.write(body.subarray(0, 1000));
  });
  const abort = new AbortController();
  const running = run({ signal: abort.signal, onProgress: () => abort.abort() });
  await expect(running).rejects.toMatchObject({ code: "interrupted", exitCode: 4 });
  expect(await exists("a.bin.part")).toBe(true);
});

test("wrong content, wrong size, 404: refused, nothing in place", async () => {
  const wrong = Buffer.from(body);
  wrong[5]! ^= 1;
  await serve(ranged(wrong));
  await expect(run()).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/not the expected one \(SHA-256/),
  });
  expect(await readdir(folder)).toEqual([]);
  server.close();
  await serve(ranged(body.subarray(0, 1000)));
  await expect(run()).rejects.toMatchObject({
    message: expect.stringMatching(/has 1000 bytes or more, expected 300000/),
  });
  server.close();
  await serve((_request, response) => void response.write(Buffer.concat([body, body])));
  await expect(run()).rejects.toMatchObject({ message: expect.stringMatching(/expected 300000/) });
  server.close();
  await serve((_request, response) => void response.writeHead(404).end());
  await expect(run()).rejects.toMatchObject({
    code: "download-failed",
    exitCode: 1,
    message: expect.stringMatching(/\/set\/a\.bin: the server answered 404\.$/),
  });
  expect(await exists("a.bin")).toBe(false);
});

test("an archive is unpacked and removed", async () => {
  const member = Buffer.alloc(512 + 1024);
  member.write("dir/train.bin", 0);
  member.write("00000000003\0", 124);
  member.write("        0", 148);
  const sum = member.subarray(0, 512).reduce((a, b) => a + b, 0);
  member.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  member.write("abc", 512);
  const archive = Buffer.from(gzipSync(member));
  const unpack = [{ file: "train.bin", bytes: 3, sha256: sha256(Buffer.from("abc")) }];
  await serve(ranged(archive));
  await run({
    files: [{ ...wanted, file: "x.tar.gz", bytes: archive.length, sha256: sha256(archive), unpack }],
  });
  expect(await readdir(folder)).toEqual(["train.bin"]);
  expect(await readFile(join(folder, "train.bin"), "utf8")).toBe("abc");
  const again = { ...wanted, file: "x.tar.gz", bytes: archive.length, sha256: sha256(archive), unpack };
  await run({ files: [again] });
  expect(requests.length).toBe(1);
  await writeFile(join(folder, "train.bin"), "abd");
  await expect(run({ files: [again] })).rejects.toMatchObject({ code: "foreign-files", exitCode: 2 });
  expect(await readFile(join(folder, "train.bin"), "utf8")).toBe("abd");
  vi.stubEnv("XDG_CACHE_HOME", folder);
  const cached = await run({ folder: undefined, files: [again] });
  for (const damaged of ["abd", "ab", ""]) {
    await writeFile(join(cached, "train.bin"), damaged);
    expect(await run({ folder: undefined, files: [again] })).toBe(cached);
    expect(await readFile(join(cached, "train.bin"), "utf8")).toBe("abc");
  }
  expect(requests.length).toBe(5);
});

test("a damaged file in the cache is fetched again, a folder of the user's is left alone", async () => {
  await serve(ranged(body));
  vi.stubEnv("XDG_CACHE_HOME", folder);
  const cached = await run({ folder: undefined });
  await writeFile(join(cached, "a.bin"), Buffer.alloc(body.length));
  await run({ folder: undefined });
  expect(await readFile(join(cached, "a.bin"))).toEqual(body);
  await writeFile(join(folder, "a.bin"), "mine");
  await expect(run()).rejects.toMatchObject({
    code: "foreign-files",
    message: expect.stringMatching(/not the official/),
  });
  expect(await readFile(join(folder, "a.bin"), "utf8")).toBe("mine");
});

test("a server that goes on elsewhere than it was asked to is found out at once", async () => {
  await writeFile(join(folder, "a.bin.part"), body.subarray(0, 1000));
  await serve((request, response) => {
    const asked = request.headers.range !== undefined;
    const head = { "content-range": `bytes 500-${body.length - 1}/${body.length}` };
    response.writeHead(asked ? 206 : 200, asked ? head : {}).end(asked ? body.subarray(500) : body);
  });
  await run();
  expect(requests.map(({ range }) => range)).toEqual(["bytes=1000-", undefined]);
  expect(await readFile(join(folder, "a.bin"))).toEqual(body);
});

test("a connection that breaks often is taken up again as long as it brings something", async () => {
  const large = Buffer.concat(Array.from({ length: 3 }, () => body));
  await serve((request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const head = { "content-range": `bytes ${start}-${large.length - 1}/${large.length}` };
    response.writeHead(start > 0 ? 206 : 200, { ...(start > 0 && head), "content-length": large.length - start });
    response.write(large.subarray(start, start + 150_000), () => setTimeout(() => response.destroy(), 30));
  });
  await run({ files: [{ ...wanted, bytes: large.length, sha256: sha256(large) }] });
  expect(requests.length).toBeGreaterThanOrEqual(6);
});

test.each([
  ["silent", 0],
  ["that lets a byte drip now and then", 20],
])("a server that is %s is given up after three times the patience", async (_, every) => {
  await serve((_request, response) => {
    response.writeHead(200, { "content-length": body.length });
    response.write(body.subarray(0, 1));
    if (every > 0) setInterval(() => response.write("x"), every).unref();
  });
  const started = Date.now();
  await expect(run({ patience: 150 })).rejects.toMatchObject({
    code: "download-failed",
    exitCode: 1,
    message: expect.stringMatching(/the server sent \d+ bytes in 0.15 seconds/),
  });
  expect(Date.now() - started).toBeLessThan(5000);
});

test("three at once fetch once, and all have the file", async () => {
  await serve(ranged(body));
  const notes: string[] = [];
  const onWait = (note: string) => notes.push(note);
  expect(await Promise.all([run({ onWait }), run({ onWait }), run({ onWait })])).toEqual([folder, folder, folder]);
  expect(requests.length).toBe(1);
  expect(notes.length).toBe(2);
  expect(await readdir(folder)).toEqual(["a.bin"]);
});

test.each(["../a.bin", "/tmp/a.bin", "x/a.bin", "..", ".", "", "a\\b.bin", "lock"])(
  "the name %j is refused before anything is asked for",
  async (file) => {
    await serve(ranged(body));
    for (const files of [[{ ...wanted, file }], [{ ...wanted, unpack: [{ ...wanted, file }] }]])
      await expect(run({ files })).rejects.toMatchObject({ code: "unknown-option", exitCode: 2 });
    expect(requests.length).toBe(0);
  },
);

test("a part that is a link is not written through", async () => {
  await serve(ranged(body));
  const target = join(folder, "target");
  await writeFile(target, "mine");
  await symlink(target, join(folder, "a.bin.part"));
  await expect(run()).rejects.toMatchObject({
    code: "cannot-write",
    message: expect.stringMatching(/no ordinary file/),
  });
  expect(await readFile(target, "utf8")).toBe("mine");
});

test("only https beyond this machine; unknown names", async () => {
  await expect(run({ baseUrl: "http://example.com" })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/is not an https address/),
  });
  await expect(pull("cifar10", { folder })).rejects.toMatchObject({
    code: "unknown-dataset",
    hint: "Did you mean cifar-10?",
  });
});

test("the table: https, sizes, digests", () => {
  for (const { url, bytes, sha256: digest } of Object.values(sources).flat())
    expect([url.startsWith("https://"), bytes > 0, /^[0-9a-f]{64}$/.test(digest)]).toEqual([true, true, true]);
});
