import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StudioServer, serveStudio } from "./server.node.ts";

let root: string;
let server: StudioServer;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "attar-studio-"));
  mkdirSync(join(root, "site", "sub"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(root, "site", "index.html"), "<title>page</title>");
  writeFileSync(join(root, "site", "sub", "a b.js"), "1");
  symlinkSync(join(root, "secret.txt"), join(root, "site", "link.txt"));
  server = await serveStudio(join(root, "site"));
});

afterAll(async () => {
  await server?.close();
  rmSync(root, { recursive: true, force: true });
});

/** Asks with a path as it stands, which `fetch` would tidy up. */
const ask = (path: string, { method = "GET", host = new URL(server.address).host } = {}) =>
  new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const { hostname, port } = new URL(server.address);
    const sent = request({ hostname, port, path, method, headers: { host } }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode!, body, headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end();
  });

test("the page comes with headers that keep other sites out", async () => {
  const { status, body, headers } = await ask("/?x#y");
  expect([status, body]).toEqual([200, "<title>page</title>"]);
  expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(headers["content-security-policy"]).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
  expect(headers["access-control-allow-origin"]).toBeUndefined();
  expect((await ask("/", { method: "HEAD" })).body).toBe("");
});

test.each([
  ["/../secret.txt", 404],
  ["/%2e%2e/secret.txt", 404],
  ["/sub/../../secret.txt", 404],
  ["//secret.txt", 404],
  ["/link.txt", 404],
  ["/sub", 404],
  ["/absent.js", 404],
])("%s is not to be had", async (path, status) => {
  const found = await ask(path);
  expect(found.status).toBe(status);
  expect(found.body).not.toMatch(/secret$/);
});

test.each(["attacker.example", "attacker.example:80", "127.0.0.1", "127.0.0.1:1"])(
  "a request for the host %j is refused",
  async (host) => {
    expect((await ask("/", { host })).status).toBe(403);
  },
);

test("nothing can be written", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) expect((await ask("/", { method })).status).toBe(405);
});

test("a port that is taken, and a page that is not built, are said", async () => {
  const port = Number(new URL(server.address).port);
  await expect(serveStudio(join(root, "site"), { port })).rejects.toMatchObject({
    message: `port ${port} is taken`,
    hint: "attar studio --port 0 takes any that is free",
  });
  await expect(serveStudio(root)).rejects.toMatchObject({ hint: "npm run build:studio" });
});
