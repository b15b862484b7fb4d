import { expect, test } from "vitest";
import { Pace, turn } from "./pace.ts";

/** The pauses of a computation of so many operations, done a thousand at a time. */
async function pausesOf(operations: number, pace: Pace): Promise<number> {
  let pauses = 0;
  for (let done = 0; done < operations; done += 1000) {
    if (!pace.spent(1000)) continue;
    pauses++;
    await pace.pause();
  }
  return pauses;
}

test("pauses are a matter of work, not of time", async () => {
  expect(await pausesOf(1e6, new Pace())).toBe(0);
  const many = await pausesOf(1e9, new Pace());
  expect(many).toBe(29);
  expect(await pausesOf(1e9, new Pace())).toBe(many);
});

test("timers and signals are heard in a pause, and an aborted signal ends the work", async () => {
  const stop = new AbortController();
  setImmediate(() => stop.abort(new Error("stopped")));
  await expect(pausesOf(1e9, new Pace(stop.signal))).rejects.toThrow("stopped");
  let heard = false;
  setImmediate(() => {
    heard = true;
  });
  await turn();
  expect(heard).toBe(true);
});
