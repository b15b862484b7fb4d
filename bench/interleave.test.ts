import { expect, test } from "vitest";
import { interleave } from "./interleave.ts";

test("sides take turns, another first each round, and one may take part in the first rounds only", async () => {
  const order: string[] = [];
  const side = (name: string, rounds: number) => ({
    rounds,
    run: async () => {
      order.push(name);
      return 200;
    },
  });
  const times = await interleave([side("a", 3), side("b", 1), side("c", 3)], 0);
  expect(order.join("")).toBe("abccaac");
  expect(times).toEqual([[200, 200, 200], [200], [200, 200, 200]]);
});

test("a short run is repeated until it has taken 150 ms, and its mean counts", async () => {
  let run = 0;
  const durations = [100, 20, 60, 20];
  const [times] = await interleave([{ rounds: 1, run: async () => durations[run++]! }], 0);
  expect(run).toBe(3);
  expect(times).toEqual([60]);
});
