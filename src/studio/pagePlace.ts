import { condense, type State } from "../condense/index.ts";
import { loadDigits } from "../data/browser.ts";
import { frameEvery, type Place } from "./place.ts";

/** A page: `digits` is there, runs are kept in memory. */
export function pagePlace(): Place {
  const states = new Map<string, State>();
  return {
    engine: "in this page",
    datasets: async () => ["digits"],
    load: () => loadDigits(),
    run: async ({ id, dataset, method, options }, { runtime, signal, onStart, onStep, onSet }) => {
      const state = states.get(id);
      for await (const event of condense(dataset, method, { ...options, state, signal, runtime, frameEvery })) {
        if (event.event === "start") onStart(event.step);
        if (event.event === "step") onStep(event.step, event.loss, event.seconds);
        if (event.event === "checkpoint") states.set(id, event.state);
        if (event.event === "frame" || event.event === "done") onSet(event.set, event.step);
      }
    },
  };
}
