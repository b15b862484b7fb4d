import { expect, test } from "vitest";
import { readingText } from "../evaluate/index.ts";
import { parseAttacks } from "./parseAttacks.ts";

test.each([
  [["pgd"], ["pgd:linf,8/255"]],
  [["apgd-ce:linf,0.10"], ["apgd-ce:linf,0.1"]],
  [["pgd:l2,1.0,steps=40"], ["pgd:l2,1,steps=40"]],
  [
    ["pgd:linf,0.1,0.2,8/255,restarts=2"],
    ["pgd:linf,0.1,restarts=2", "pgd:linf,0.2,restarts=2", "pgd:linf,8/255,restarts=2"],
  ],
  [
    ["fgsm:linf,0.1,square:l2,2,queries=9", "cw"],
    ["fgsm:linf,0.1", "square:l2,2,queries=9", "cw:l2,8/255"],
  ],
  [["square+pgd:linf,0.1,pgd.steps=5"], ["pgd+square:linf,0.1,pgd.steps=5"]],
  [["autoattack:linf,8/255"], ["autoattack:linf,8/255"]],
  [["pgd:steps=3"], ["pgd:linf,8/255,steps=3"]],
])("%j", (lists, texts) => {
  const specs = parseAttacks(lists);
  expect(specs.map(readingText)).toEqual(texts);
  expect(parseAttacks(specs.map(readingText))).toEqual(specs);
});

test("a number of images is that of all", () => {
  const specs = parseAttacks(["pgd:linf,0.1,fgsm:linf,0.1"], 100);
  expect(specs.map(readingText)).toEqual(["pgd:linf,0.1,images=100", "fgsm:linf,0.1,images=100"]);
});

test.each([
  ["", "bad-option", /names no attack/],
  ["0.1", "bad-option", /begins with "0.1"/],
  ["pdg:linf,0.1", "unknown-attack", /no attack "pdg"/],
  ["autoatack:linf,0.1", "unknown-attack", /no attack/],
  ["pgd:l1,0.1", "invalid-option", /norm .* is one of linf, l2, got "l1"/],
  ["cw:linf,0.1", "invalid-option", /norm .* is one of l2/],
  ["pgd:linf,-1", "invalid-option", /radius .* a number above 0 or a fraction/],
  ["pgd:linf,8/0", "invalid-option", /radius/],
  ["pgd:linf,0.1,stps=3", "unknown-option", /no option "stps"/],
  ["pgd+pdg:linf,0.1", "unknown-attack", /no attack "pdg"/],
  ["pgd,0.1", "bad-option", /no norm before it/],
])('"%s" is refused as %s', (list, code, words) => {
  const refused = expect.objectContaining({ code, exitCode: 2, message: expect.stringMatching(words) });
  expect(() => parseAttacks([list])).toThrow(refused);
});
