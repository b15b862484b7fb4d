import { existsSync } from "node:fs";
import { join } from "node:path";
import { condenseToFolder } from "../condense/node/runFolder.node.ts";
import { knownDatasets, load } from "../data/index.ts";
import { frameEvery, type Place } from "./place.ts";

/**
 * A folder of this machine: the known datasets can be opened, and runs are run folders as the command line writes them,
 * which go on where they were, whoever stopped them.
 *
 * @param root the folder of run folders
 */
export function folderPlace(root: string): Place {
  return {
    engine: "on this machine",
    datasets: async () => knownDatasets.map(({ name }) => name),
    load: (name) => load(name),
    run: async ({ id, dataset, method, options }, { runtime, signal, onStart, onStep, onSet }) => {
      const folder = join(root, id);
      const resume = existsSync(join(folder, "run.json"));
      const onFrame = (set: Parameters<typeof onSet>[0], step: number) => onSet(set, step);
      const events = condenseToFolder(dataset, method, folder, {
        ...options,
        runtime,
        signal,
        resume,
        frameEvery,
        onFrame,
      });
      let step = 0;
      for (;;) {
        const next = await events.next();
        if (next.done) return onSet(next.value, step);
        const event = next.value;
        if (event.event === "start") {
          step = event.step;
          onStart(step);
        }
        if (event.event === "step") {
          step = event.step;
          onStep(step, event.loss, event.seconds);
        }
      }
    },
  };
}
