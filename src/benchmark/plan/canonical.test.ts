import { expect, test } from "vitest";
import { canonical } from "./canonical.ts";

test("texts that are known change no text, whatever order keys were set in", () => {
  const shared = { b: [1, undefined, { d: 2, c: "x" }], a: undefined, e: null };
  const known = new WeakMap<object, string>();
  const text = '{"own":1,"shared":{"b":[1,null,{"c":"x","d":2}],"e":null}}';
  for (const value of [
    { own: 1, shared },
    { shared, own: 1 },
  ]) {
    expect(canonical(value)).toBe(text);
    expect(canonical(value, known)).toBe(text);
  }
  expect(canonical({ own: 2, shared }, known)).toBe(text.replace('"own":1', '"own":2'));
});
