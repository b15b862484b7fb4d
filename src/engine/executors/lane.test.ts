import { expect, test } from "vitest";
import { Lane, type LaneReply } from "./lane.ts";

test("a thread that is being ended is not let go of by a late answer, so that a process waits for its end", async () => {
  const held: boolean[] = [];
  let answer: (reply: LaneReply) => void = () => undefined;
  const lane = new Lane((_, receive) => {
    answer = receive;
    return { post: () => undefined, busy: (awaited) => void held.push(awaited), end: async () => void held.push(true) };
  }, 1);
  const call = lane.call({});
  const end = lane.end();
  answer({ id: 0 } as LaneReply);
  await Promise.all([call, end]);
  expect(held).toEqual([false, true, true]);
});
