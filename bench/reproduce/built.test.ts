import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestOfBuild } from "./built.ts";

test("a build of other code has another digest; one of the same code, whenever it is made, has not", async () => {
  const dist = await mkdtemp(join(tmpdir(), "attar-built-"));
  await mkdir(join(dist, "cli"));
  await writeFile(join(dist, "cli", "main.js"), "1");
  const before = digestOfBuild(dist);
  await writeFile(join(dist, "cli", "main.js"), "1");
  await writeFile(join(dist, "cli", "main.js.map"), "2");
  expect(digestOfBuild(dist)).toBe(before);
  await writeFile(join(dist, "cli", "main.js"), "2");
  expect(digestOfBuild(dist)).not.toBe(before);
  await rm(dist, { recursive: true });
});
