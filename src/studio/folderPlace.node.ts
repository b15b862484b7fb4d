import { existsSync } from "node:fs";
import { join } from "node:path";
import { condenseToFolder } from "../condense/node/runFolder.node.ts";
import { knownDatasets, load, writeAtomic } from "../data/index.ts";
import { decodeBySharp } from "../data/node/images/sharpDecoder.node.ts";
import { diskFiles } from "./diskFiles.node.ts";
import { askedName, filesOfRun, keptIn, openKept, studyIn } from "./keptRuns.ts";
import { frameEvery, type Place } from "./place.ts";

/**
 * A folder of this machine: the known datasets can be opened, and runs are run folders as the command line writes them,
 * which go on where they were, whoever stopped them.
 *
 * @param root the folder of run folders
 */
export function folderPlace(root: string): Place {
  const files = diskFiles(root);
  return {
    engine: "on this machine",
    decode: decodeBySharp,
    datasets: async () => knownDatasets.map(({ name }) => name),
    load: (name) => load(name),
    run: async ({ id, asked, dataset, method, options }, { runtime, signal, onStart, onStep, onSet }) => {
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
          await writeAtomic(join(folder, askedName), JSON.stringify(asked));
          onStart(step);
        }
        if (event.event === "step") {
          step = event.step;
          onStep(step, event.loss, event.seconds);
        }
      }
    },
    kept: () => keptIn(files),
    openRun: (id) => openKept(files, id),
    study: (id) => studyIn(files, id),
    files: (id) => filesOfRun(files, id),
  };
}
