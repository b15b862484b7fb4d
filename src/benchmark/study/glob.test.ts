import { expect, test } from "vitest";
import { matcher } from "./glob.ts";

test.each([
  ["dm", "dm/digits/ipc1/seed0", true],
  ["dm", "dm-long/digits/ipc1/seed0", false],
  ["dm*", "dm-long/digits/ipc1/seed0", true],
  ["ipc1", "dm/digits/ipc1/seed0", true],
  ["ipc1", "dm/digits/ipc10/seed0", false],
  ["dm/digits", "dm/digits/ipc1/seed0/convnet/field", true],
  ["*/digits/ipc1", "dc/digits/ipc1/seed0", true],
  ["dm/digits/ipc1/seed0/mlp", "dm/digits/ipc1/seed0", false],
  ["dm/*/*/*/mlp", "dm/digits/ipc1/seed0/mlp/field", true],
  ["a.c", "abc/digits/ipc1/seed0", false],
])("%s and %s", (pattern, name, fits) => {
  expect(matcher(pattern)(name)).toBe(fits);
});

test("the first digits of a key mean its job", () => {
  expect(matcher("0123abcd")("dm/digits", "0123abcdef")).toBe(true);
  expect(matcher("0123abcd")("dm/digits", "1123abcdef")).toBe(false);
});
