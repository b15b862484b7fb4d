import { expect, test } from "vitest";
import { cheapRun } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { type RealReader, readerOf } from "../data/reader.ts";
import { type Stateful, Tensor } from "../engine/index.ts";
import { dc, idm } from "../methods/index.ts";
import { encodeCheckpoint, parseCheckpoint } from "./checkpointContent.ts";
import { condense, type RunOptions } from "./condense.ts";
import type { State } from "./state.ts";

const data = await tinyDataset();

/** A reader that keeps account of the sums that were read: their number in all, and the steps that read them. */
function accounted(): RealReader & { disposed: number } {
  const reader = readerOf(data);
  let read = 0;
  const account: Stateful = {
    slot: "account",
    initial: () => ({ sums: new Tensor(Float32Array.of(0), [1], "float32") }),
    after({ step }, { sums, steps }) {
      const now = read;
      read = 0;
      return {
        sums: new Tensor(Float32Array.of(sums!.data[0]! + now), [1], "float32"),
        steps: new Tensor(Int32Array.of(...(steps?.data ?? []), step), [(steps?.data.length ?? 0) + 1], "int32"),
      };
    },
    dispose: () => void own.disposed++,
  };
  const own = {
    ...reader,
    disposed: 0,
    stateful: [account],
    sum: async <S>(...[statistic, choice]: Parameters<typeof reader.sum<S>>) => {
      read++;
      return reader.sum(statistic, choice);
    },
  };
  return own;
}

/** The states of a run's checkpoints by step. */
async function states(method: typeof dc, options: RunOptions) {
  const found = new Map<number, State>();
  for await (const event of condense(data, method, { ...cheapRun(method), steps: 4, ...options }))
    if (event.event === "checkpoint") found.set(event.step, event.state);
    else if (event.event === "start") Object.assign(found, { configuration: event.configuration });
  return found as typeof found & { configuration: Parameters<typeof encodeCheckpoint>[0] };
}

test.each([
  ["dc", dc],
  ["idm", idm],
] as const)("a part beside the loop keeps its slot over a checkpoint of %s, to the same bytes", async (_, method) => {
  const whole = await states(method, { reader: accounted() });
  expect(whole.get(0)!.slots.account!.sums!.data).toEqual(Float32Array.of(0));
  expect(whole.get(4)!.slots.account!.sums!.data).toEqual(Float32Array.of(4));
  expect(whole.get(4)!.slots.account!.steps!.data).toEqual(Int32Array.of(0, 1, 2, 3));

  const bytes = await encodeCheckpoint(whole.configuration, whole.get(2)!);
  const { state } = await parseCheckpoint(bytes, "a test");
  const reader = accounted();
  const rest = await states(method, { reader, state });
  expect(reader.disposed).toBe(1);
  const end = (run: typeof whole) => encodeCheckpoint(whole.configuration, run.get(4)!);
  expect(await end(rest)).toEqual(await end(whole));
});

test("without such a part the state has the loop's own slots", async () => {
  const last = (await states(idm, {})).get(4)!;
  expect(Object.keys(last.slots)).toEqual(["variables", "update", "guard", "hypotheses", "proxy"]);
});

test.each(["variables", "update", "hypotheses", "a/b", ""])("no other part can have the slot %j", async (slot) => {
  const reader = { ...readerOf(data), stateful: [{ slot }] };
  await expect(states(dc, { reader })).rejects.toThrow(`"${slot}" cannot be the slot of another part`);
});
