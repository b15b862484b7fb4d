import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commitOf } from "./commit.node.ts";

test("the commit is marked where code differs from it, and not where results do", async () => {
  const folder = await mkdtemp(join(tmpdir(), "attar-commit-"));
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...words], { cwd: folder, stdio: "ignore" });
  const write = (name: string, content: string) => writeFile(join(folder, name), content);
  expect(commitOf(folder)).toEqual({});
  git("init", "-q");
  await mkdir(join(folder, "src"));
  await write("src/a.ts", "1");
  git("add", ".");
  git("commit", "-qm", "a");
  const { commit } = commitOf(folder);
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  await mkdir(join(folder, "studies"));
  await write("studies/a.rows.ndjson", "{}");
  expect(commitOf(folder)).toEqual({ commit });
  git("add", ".");
  git("commit", "-qm", "results");
  expect(commitOf(folder)).toEqual({ commit });
  await write("src/b.ts", "2");
  expect(commitOf(folder)).toEqual({ commit: `${commit}-dirty` });
  await rm(join(folder, "src/b.ts"));
  await write("src/a.ts", "3");
  expect(commitOf(folder)).toEqual({ commit: `${commit}-dirty` });
  await rm(folder, { recursive: true });
});
