import { expect, test } from "vitest";
import { cheapRun } from "../../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { type CondensedSet, encodeCondensed } from "../../data/index.ts";
import { isCoreset, methods } from "../../methods/index.ts";
import { condense } from "../condense.ts";
import type { CondenseEvent } from "../events.ts";
import type { State } from "../state.ts";

const stepped = methods.filter((method) => !isCoreset(method));

test.each(stepped.map((method) => [method.name, method] as const))(
  "%s continued from any checkpoint ends in the same bytes",
  async (_, method) => {
    const data = await tinyDataset();
    const run = async (state?: State) => {
      const events: CondenseEvent[] = [];
      for await (const event of condense(data, method, { ...cheapRun(method), state })) events.push(event);
      const states = events.flatMap((e) => (e.event === "checkpoint" ? [e.state] : []));
      return { states, set: encodeCondensed((events.at(-1) as { set: CondensedSet }).set) };
    };
    const whole = await run();
    expect(whole.states.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    for (const state of whole.states.slice(0, -1)) {
      const resumed = await run(state);
      expect(resumed.set).toEqual(whole.set);
      expect(resumed.states.at(-1)).toEqual(whole.states.at(-1));
    }
  },
);
