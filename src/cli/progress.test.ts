import { expect, test } from "vitest";
import { byteCount, duration, markdownTable, shellWord, table } from "./output.ts";
import { Progress, type ProgressTarget } from "./progress.ts";

function target(redraws: boolean) {
  let clock = 0;
  const written: string[] = [];
  const to: ProgressTarget = { write: (text) => void written.push(text), redraws, columns: 60, now: () => clock };
  return { to, written, wait: (ms: number) => (clock += ms) };
}

test("a plain line every ten seconds where nothing can be redrawn, and one at the end", () => {
  const { to, written, wait } = target(false);
  const progress = new Progress({}, to);
  for (let step = 1; step <= 100; step++) {
    progress.show(step, 100, "loss 1");
    wait(250);
  }
  progress.end();
  expect(written).toEqual([
    "1/100  loss 1\n",
    "41/100  loss 1  4.00/s  15 s left\n",
    "81/100  loss 1  4.00/s  4.8 s left\n",
    "100/100  loss 1  4.00/s  0.0 s left\n",
  ]);
});

test("the end is said once, however often it is reached", () => {
  const { to, written, wait } = target(false);
  const progress = new Progress({}, to);
  for (const done of [1, 2, 2, 2]) {
    progress.show(done, 2, "random on convnet");
    wait(1000);
  }
  progress.end();
  progress.show(2, 2, "herding on convnet");
  expect(written).toEqual([
    "1/2  random on convnet\n",
    "2/2  random on convnet  1.00/s  0.0 s left\n",
    "2/2  herding on convnet\n",
  ]);
});

test("redrawn in place on a terminal, cut to its width, and taken away at the end", () => {
  const { to, written, wait } = target(true);
  const progress = new Progress({}, to);
  progress.show(1, 4, "x".repeat(100));
  wait(50);
  progress.show(2, 4, "too soon");
  wait(100);
  progress.show(3, 4, "next");
  progress.end();
  expect(written).toHaveLength(3);
  for (const line of written) expect(line.startsWith("\r\x1b[K")).toBe(true);
  expect(written[0]!.length).toBeLessThanOrEqual(59 + "\r\x1b[K".length);
  expect(written[1]).toContain("━━━━━━━━━━━━━━━━━━╌╌╌╌╌╌ 3/4  next");
  expect(written[2]).toBe("\r\x1b[K");
});

test("the rate of a resumed run is its own", () => {
  const { to, written, wait } = target(false);
  const progress = new Progress({}, to);
  progress.show(900, 1000, "");
  wait(10_000);
  progress.show(910, 1000, "");
  expect(written.at(-1)).toContain("1.00/s  1 min 30 s left");
});

test("quiet is quiet", () => {
  const { to, written } = target(true);
  const progress = new Progress({ quiet: true }, to);
  progress.show(1, 2, "");
  progress.end();
  expect(written).toEqual([]);
});

test("durations, bytes, tables and shell words", () => {
  expect([0.04, 9.94, 59.4, 59.6, 200, 3900].map(duration)).toEqual([
    "0.0 s",
    "9.9 s",
    "59 s",
    "1 min 00 s",
    "3 min 20 s",
    "1 h 05 min",
  ]);
  expect([0, 1023, 2048, 314_000_000].map(byteCount)).toEqual(["0 bytes", "1023 bytes", "2.00 KiB", "299 MiB"]);
  expect(table([["a", "long"], [], ["wide", "b"]])).toBe("a     long\n\nwide  b");
  expect(
    markdownTable([
      ["a", "b"],
      ["1", "x|y"],
    ]),
  ).toBe("| a   | b    |\n| --- | ---- |\n| 1   | x\\|y |");
  expect(["runs/a-1", "my runs/a", "it's"].map(shellWord)).toEqual(["runs/a-1", "'my runs/a'", "'it'\\''s'"]);
});
