import { resolve } from "node:path";
import { load, readCondensed } from "../data/index.ts";
import { writeAtomic } from "../data/node/writeAtomic.node.ts";
import { AttarError } from "../engine/errors.ts";
import { adapted } from "../evaluate/adapt.ts";
import { coresetAsSet, evaluate, type TrainedNetwork } from "../evaluate/index.ts";
import { networkFile } from "../evaluate/networkFile.ts";
import { checkNetworkFile } from "../evaluate/node/checkNetworkFile.node.ts";
import { networkText, parseNetwork, resolveNetwork } from "../hypotheses/index.ts";
import { coresetRules } from "../synthetic/index.ts";
import { condensedFile } from "./condensedFile.ts";
import { type DatasetFlags, logGuesses } from "./datasetOptions.ts";
import { checksumOf, readingFor } from "./evaluateCommand.ts";
import { evaluationTable } from "./evaluationTable.ts";
import { interruptible } from "./interruptible.ts";
import { byteCount, figure } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, shellWord } from "./output.ts";
import { refuseOtherModel } from "./ownOutput.ts";
import { Progress } from "./progress.ts";

export interface TrainFlags extends OutputOptions, DatasetFlags {
  on?: string;
  to?: string;
  ipc?: number;
  net?: string;
  epochs?: number;
  augmentation?: string;
  seed?: number;
}

const coresets: readonly string[] = [...coresetRules, "full"];

/**
 * `attar train <run|file|coreset> --on <dataset> --to model.onnx`: one network trained on the set as `attar evaluate` does, and
 * written with its normalisation inside; the file is run once more and held against the network.
 */
export async function trainCommand(subject: string, flags: TrainFlags): Promise<void> {
  const { net, epochs, augmentation, seed, to } = flags;
  if (to === undefined || !to.endsWith(".onnx"))
    throw new AttarError(
      "bad-option",
      "train needs the file to write, an .onnx",
      `add --to ${shellWord(to ?? "model")}.onnx`,
    );
  const network = net === undefined ? undefined : parseNetwork(net);
  const saved = coresets.includes(subject) ? undefined : await readCondensed(condensedFile(subject, coresets));
  if (!flags.on)
    throw new AttarError(
      "bad-option",
      "train needs the dataset to test on",
      `attar train ${shellWord(subject)} --on ${shellWord(saved?.dataset || "digits")} --to ${shellWord(to)}`,
    );
  await refuseOtherModel(to);
  const dataset = await load(flags.on, await readingFor(subject, saved, flags.on, flags));
  logGuesses(dataset, flags);
  await interruptible("stopping", flags, async (signal) => {
    const set = saved ?? (await coresetAsSet(dataset, subject, flags.ipc ?? 10, seed ?? 0, signal));
    const progress = new Progress(flags);
    const spec = network ?? resolveNetwork(dataset.domain.network);
    let checked = { difference: 0, samples: 0 };
    let bytes = 0;
    const write = async (trained: TrainedNetwork) => {
      progress.end();
      const about = { method: set.method, ipc: String(set.ipc), dataset: set.dataset };
      const file = await networkFile(trained, { ...set, domain: dataset.domain }, about);
      checked = await checkNetworkFile(file, trained, adapted(dataset, set, {}));
      await refuseOtherModel(to);
      await writeAtomic(to, file);
      bytes = file.length;
    };
    try {
      const result = await evaluate(set, dataset, {
        condensedFrom: saved && (await checksumOf(subject, saved)),
        networks: [spec],
        repeats: 1,
        baselines: [],
        epochs,
        augmentation,
        seed,
        signal,
        onTrained: write,
        onProgress: (p) => progress.show(p.epoch, p.epochs, `${p.subject} on ${p.net}`),
      });
      const path = resolve(to);
      if (flags.json) return printJson({ path, bytes, ...checked, evaluation: result });
      print(evaluationTable(result));
      print(
        `model    ${path}, ${byteCount(bytes)}: samples [N, ${dataset.domain.shape.join(", ")}] in stored units / ${figure(set.normalisation.scale)}`,
      );
      log(
        `${networkText(spec)} in ONNX Runtime: its outputs differ by ${figure(checked.difference, 2)} of the largest at most, on ${checked.samples} test samples`,
        flags,
      );
    } finally {
      progress.end();
    }
  });
}
