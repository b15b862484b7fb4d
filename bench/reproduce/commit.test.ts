import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOfBuild } from "./built.ts";
import { checkedOut, shortCommit } from "./commit.ts";

const home = process.cwd();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-commit-"));
  process.chdir(folder);
});

afterEach(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

const git = (...words: string[]) => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...words]);

test("the commit is marked where code differs from it, and not where results do", async () => {
  expect(await checkedOut()).toEqual({ id: "unknown", of: "run" });
  git("init", "-q");
  await mkdir("src");
  await writeFile("src/a.ts", "1");
  git("add", ".");
  git("commit", "-qm", "a");
  const { id } = await checkedOut();
  expect(id).toMatch(/^[0-9a-f]{40}$/);
  await mkdir("docs/results/dd", { recursive: true });
  await writeFile("docs/results/dd/a.json", "{}");
  expect((await checkedOut()).id).toBe(id);
  git("add", ".");
  git("commit", "-qm", "results");
  expect((await checkedOut()).id).toBe(id);
  await writeFile("src/b.ts", "2");
  expect((await checkedOut()).id).toBe(`${id}-dirty`);
  await rm("src/b.ts");
  await writeFile("src/a.ts", "3");
  expect((await checkedOut()).id).toBe(`${id}-dirty`);
});

const whole =
  execFileSync("git", ["rev-parse", "--is-shallow-repository"], { cwd: home }).toString().trim() === "false";

test.skipIf(!whole)("every result names a commit of this history (skipped in a shallow clone)", async () => {
  const root = join(home, "docs", "results");
  const files = (readdirSync(root, { recursive: true }) as string[])
    .filter((name) => /^[^/]+\/.*\.json$/.test(name))
    .map((name) => join(root, name));
  const named = files.flatMap((path) => {
    const { commit } = JSON.parse(readFileSync(path, "utf8"));
    return [commit.id, ...(commit.figures ? [commit.figures] : [])].map((id) => ({
      path,
      id: id.replace("-dirty", ""),
    }));
  });
  const known = new Set(
    execFileSync("git", ["rev-list", "HEAD"], { cwd: home, maxBuffer: 1 << 26 })
      .toString()
      .split("\n"),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ id }) => !known.has(id))).toEqual([]);
});

test("a commit is shown as the one that brought the figures", () => {
  const [a, b] = ["a".repeat(40), "b".repeat(40)];
  expect(shortCommit({ id: a, of: "run" })).toBe("aaaaaaa");
  expect(shortCommit({ id: `${a}-dirty`, of: "run" })).toBe("aaaaaaa-dirty");
  expect(shortCommit({ id: a, of: "file added", figures: b })).toBe("bbbbbbb");
  expect(shortCommit({ id: "unknown", of: "run" })).toBe("unknown");
});

test("a build of other code has another digest; one of the same code, whenever it is made, has not", async () => {
  await mkdir("dist/cli", { recursive: true });
  await writeFile("dist/cli/main.js", "1");
  const before = digestOfBuild();
  await writeFile("dist/cli/main.js", "1");
  await writeFile("dist/cli/main.js.map", "2");
  expect(digestOfBuild()).toBe(before);
  await writeFile("dist/cli/main.js", "2");
  expect(digestOfBuild()).not.toBe(before);
});
