import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reportsOf } from "./reports.node.ts";
import { reportsKey } from "./reportsKey.ts";

const token = "0123456789abcdef0123456789abcdef";
let root: string;
let key: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "attar-reports-"));
  key = await reportsKey(token);
  mkdirSync(join(root, "runs", "a report", "images"), { recursive: true });
  mkdirSync(join(root, "runs", "no-report"));
  writeFileSync(join(root, "secret.txt"), "secret");
  for (const name of ["index.html", "rows.parquet", "images/0a.png", "notes.txt"])
    writeFileSync(join(root, "runs", "a report", name), name);
  writeFileSync(join(root, "runs", "no-report", "index.html"), "not attar's");
  symlinkSync(join(root, "secret.txt"), join(root, "runs", "a report", "rows.csv"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const read = async (path: string) => {
  const found = await reportsOf(join(root, "runs"), token)(path);
  return found && new TextDecoder().decode(found);
};

test("a report's files are given to those who know the token", async () => {
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(key).not.toContain(token);
  expect(await read(`/reports/${key}/a%20report/index.html`)).toBe("index.html");
  expect(await read(`/reports/${key}/a%20report/images/0a.png`)).toBe("images/0a.png");
});

test.each([
  ["another key", () => `/reports/${key.replace(/^./, (c) => (c === "0" ? "1" : "0"))}/a%20report/index.html`],
  ["no key", () => "/reports//a%20report/index.html"],
  ["a file that is none of a report's", () => `/reports/${key}/a%20report/notes.txt`],
  ["a folder that is no report", () => `/reports/${key}/no-report/index.html`],
  ["a link that leads out", () => `/reports/${key}/a%20report/rows.csv`],
  ["a way out by name", () => `/reports/${key}/..%2F/index.html`],
  ["a way out by file", () => `/reports/${key}/a%20report/images/../../../secret.txt`],
  ["a name that is no text", () => `/reports/${key}/%ff/index.html`],
])("nothing is given under %s", async (_, path) => {
  expect(await read(path())).toBeUndefined();
});
