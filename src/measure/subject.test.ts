import { describe, expect, test } from "vitest";
import { parseSubject } from "./subject.ts";

const paths = ["runs/mnist", "data/a:test", "x/half1", "digits.csv"];
const exists = (path: string) => paths.includes(path);
const plain = { split: "train", changes: [] } as const;

test.each([
  ["mnist", { base: "mnist", ...plain }],
  ["mnist:test", { base: "mnist", ...plain, split: "test" }],
  ["mnist:train[0:30000]", { base: "mnist", ...plain, range: { from: 0, to: 30000 } }],
  ["mnist[10:]", { base: "mnist", ...plain, range: { from: 10 } }],
  ["mnist:train/half1", { base: "mnist", ...plain, half: { which: 1 } }],
  ["mnist/half2@7[:100]", { base: "mnist", ...plain, half: { which: 2, seed: 7 }, range: { from: 0, to: 100 } }],
  ["random:10", { ...plain, coreset: { rule: "random", ipc: 10 } }],
  ["mnist/herding:5", { base: "mnist", ...plain, coreset: { rule: "herding", ipc: 5 } }],
  ["digits.csv:test", { base: "digits.csv", ...plain, split: "test" }],
  ["runs/mnist", { base: "runs/mnist", ...plain }],
  ["data/a:test", { base: "data/a:test", ...plain }],
  ["data/a:test:test", { base: "data/a:test", ...plain, split: "test" }],
  ["x/half1", { base: "x/half1", ...plain }],
  ["x/half1/half2", { base: "x/half1", ...plain, half: { which: 2 } }],
  [
    "mnist:test+noise=0.5+permuted",
    { base: "mnist", split: "test", changes: [{ kind: "noise", deviation: 0.5 }, { kind: "permuted" }] },
  ],
])("%s", (text, expected) => {
  expect(parseSubject(text, exists)).toEqual({ text, ...expected });
});

describe("refused, with what to type instead", () => {
  test.each([
    ["mnist:tset", 'there is no split "tset"', "did you mean mnist:test?"],
    ["mnist:", 'there is no split ""', "use mnist:train or mnist:test"],
    ["mnist:train/hafl1", 'there is no part "hafl1"', "did you mean mnist:train/half1?"],
    ["random", "needs its images per class", "for example random:10"],
    ["randon:10", 'there is no coreset "randon"', "did you mean random:10?"],
    ["random:0", "at least one image per class", "random:10"],
    ["mnist[5:5]", "the range 5:5 is empty", "for example"],
    ["mnist[a:b]", "a range is written [from:to]", "for example"],
    ["mnist+noise=", "a number above 0", "mnist:test+noise=0.5"],
    ["mnist+noise=-1", "a number above 0", "mnist:test+noise=0.5"],
    ["mnist:test/random:10", "chosen from the training split", "use mnist/random:10"],
    ["", "names no dataset", "for example"],
  ])("%s", (text, message, hint) => {
    try {
      parseSubject(text, exists);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "bad-subject", exitCode: 2 });
      expect((error as Error).message).toContain(message);
      expect((error as { hint: string }).hint).toContain(hint);
    }
  });
});
