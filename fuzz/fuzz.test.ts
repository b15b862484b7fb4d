import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import { inputOf, type Target, tryInput } from "./target.ts";
import { targets } from "./targets.ts";

const inputs = 120;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-fuzz-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(targets.map((target) => [target.name, target] as const))("%s", (_name, target) => {
  test("reads its seeds", async () => {
    for (const bytes of await target.seeds())
      expect(await tryInput(target, (await target.sealed?.(bytes)) ?? bytes, folder)).toMatchObject({ read: true });
  });
  test("reads or refuses changed inputs, each in two seconds", async () => {
    const seeds = await target.seeds();
    for (let index = 0; index < inputs; index++) {
      const { fault, seconds } = await tryInput(target, await inputOf(target, seeds, 0, index), folder);
      expect(
        fault,
        `input ${index}: npm run fuzz -- --only ${target.name} --seed 0 --first ${index} --inputs 1`,
      ).toBeUndefined();
      expect(seconds, `input ${index}`).toBeLessThan(2);
    }
  });
});

test("the same seed gives the same inputs, another one others", async () => {
  const target = targets.find(({ name }) => name === "png")!;
  const seeds = await target.seeds();
  const one = await inputOf(target, seeds, 1, 5);
  expect(await inputOf(target, seeds, 1, 5)).toEqual(one);
  expect(await inputOf(target, seeds, 2, 5)).not.toEqual(one);
  const changed = Array.from({ length: 50 }, (_, i) => mutate([seeds[0]!], new Random("x", i)));
  expect(new Set(changed.map((bytes) => bytes.join())).size).toBeGreaterThan(40);
});

test("a fault is found: any exception but an AttarError", async () => {
  const broken: Target = {
    name: "broken",
    seeds: () => [Uint8Array.of(1, 2, 3)],
    parse(bytes) {
      if (bytes[0] !== 1) throw new TypeError("reading 'x'");
    },
  };
  expect((await tryInput(broken, Uint8Array.of(0), folder)).fault).toContain("TypeError: reading 'x'");
  expect((await tryInput(broken, Uint8Array.of(1), folder)).fault).toBeUndefined();
});
