import { expect, test } from "vitest";
import { allocators } from "./allocators.ts";

test("the first allocator is the one of a process as it comes", () => {
  for (const platform of ["linux", "darwin", "win32"] as const)
    expect(allocators(platform, [])[0]!.environment).toEqual({});
});

test("glibc is tried keeping memory, and what else the machine has after it", () => {
  const jemalloc = { name: "jemalloc", environment: { LD_PRELOAD: "/lib/libjemalloc.so.2" } };
  const names = allocators("linux", [jemalloc]).map((a) => a.name);
  expect(names).toEqual(["glibc", "glibc that keeps memory", "glibc that keeps memory, huge pages", "jemalloc"]);
  expect(allocators("linux", [])[1]!.environment.MALLOC_TRIM_THRESHOLD_).toBe(String(2 ** 34));
});
