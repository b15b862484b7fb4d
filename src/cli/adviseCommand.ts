import { type Advice, advise, type TrialScore } from "../advise/index.ts";
import { artefactCache } from "../artefacts/node/artefactCache.node.ts";
import type { Plugin } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { namePart } from "../data/index.ts";
import { AttarError } from "../engine/errors.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { adviceFiles, earlierAdvice, keepAdvice } from "./adviceFile.ts";
import { type ChosenMethod, chosenMethod } from "./chosenMethod.ts";
import { type DatasetFlags, datasetWords, logGuesses, readOptionsOf } from "./datasetOptions.ts";
import { interruptible } from "./interruptible.ts";
import { loadDataset } from "./loadDataset.ts";
import { byteCount, counted, duration, figure, sampleName } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, shellWord, table } from "./output.ts";
import { partList } from "./partList.ts";
import { pluginWords } from "./pluginWords.ts";
import { Progress } from "./progress.ts";
import { wholeNumber } from "./wholeNumber.ts";

export interface AdviseFlags extends OutputOptions, DatasetFlags {
  /** Seconds. */
  for?: number;
  methods?: string;
  ipc?: string;
  net?: string;
  epochs?: number;
  repeats?: number;
  /** Points, hundredths of the reading. */
  margin?: number;
  validationShare?: number;
  seed?: number;
  out?: string;
  force?: boolean;
}

/** The time where none is named. */
const usualSeconds = 300;

/** `attar advise <dataset>`: tries methods and sizes on held-out training data, and says which command to type. */
export async function adviseCommand(name: string, flags: AdviseFlags, plugins: readonly Plugin[] = []): Promise<void> {
  const began = performance.now();
  const { seed = 0, margin, validationShare, epochs, repeats: networks } = flags;
  const chosen = flags.methods === undefined ? undefined : chosenMethods(flags.methods);
  const sizes = flags.ipc === undefined ? undefined : sizesOf(flags.ipc);
  const network = flags.net === undefined ? undefined : parseNetwork(flags.net);
  const dataset = await loadDataset(name, readOptionsOf(flags), flags);
  logGuesses(dataset, flags);
  const folder = flags.out ?? `runs/advice/${namePart(dataset.name)}-seed${seed}`;
  const found = await earlierAdvice(folder);
  const earlier = flags.force ? undefined : found;
  const typed = (method: string) => chosen?.find((one) => one.method.name === method);
  const progress = new Progress(flags);
  let shown = "";
  await interruptible("stopping; what was scored is kept", flags, async (signal) => {
    const kept = (advice: Advice): Advice => {
      const command = commandOf(advice, {
        dataset: datasetWords(name, readOptionsOf(flags)),
        net: flags.net,
        typed,
        plugins,
      });
      return { ...advice, ...(command !== undefined && { command }) };
    };
    try {
      const advice = await advise(dataset, {
        seconds: Math.max(0, (flags.for ?? usualSeconds) - (performance.now() - began) / 1000),
        methods: chosen?.map(({ method }) => method),
        sizes,
        network,
        epochs,
        networks,
        ...(margin !== undefined && { margin: margin / 100 }),
        validationShare,
        seed,
        earlier,
        signal,
        artefacts: artefactCache({ signal, onWait: (note) => log(note, flags) }),
        condense: (method) => {
          const record = typed(method.name)?.record;
          return { ...(record && { record }), ...(plugins.length > 0 && { plugins }) };
        },
        onPlan: ({ epochs, networks, left }, { question, trials }) => {
          progress.end();
          const { trainedOn, heldOut } = question;
          log(
            `${dataset.name}: sets of ${trainedOn} training samples, scored on the other ${heldOut}: ${question.network}, ${counted(epochs, "epoch")}, ${counted(networks, "network")} each`,
            flags,
          );
          if (trials.length > 0)
            log(`${counted(trials.length, "set")} of an earlier advice kept: ${adviceFiles(folder).json}`, flags);
          if (left.length > 0)
            log(`for ${left.join(", ")} a class the time does not do: type a longer --for, or a smaller --net`, flags);
        },
        onProgress: (what, done, total) => {
          if (what !== shown) progress.end();
          shown = what;
          progress.show(done, total, what);
        },
        onTrial: async (trial, advice) => {
          progress.end();
          log(
            `${trial.method} at ${trial.ipc}: ${scoreText(trial.score, advice).join(" ± ")}, ${duration(trial.condensed + trial.scored)}`,
            flags,
          );
          await keepAdvice(folder, kept(advice), dataset.domain.kind);
        },
      });
      progress.end();
      const whole = kept(advice);
      if (whole.trials.length > 0) await keepAdvice(folder, whole, dataset.domain.kind);
      report(whole, dataset, folder, flags);
      if (signal.aborted)
        throw new AttarError(
          "interrupted",
          `interrupted after ${counted(whole.trials.length, "set")}; what was scored is kept`,
          "the same command goes on with the rest",
          4,
        );
    } finally {
      progress.end();
    }
  });
}

/** Prints an advice: a row a set, what was not reached, and what to type. */
function report(advice: Advice, dataset: Dataset, folder: string, flags: OutputOptions): void {
  if (flags.json) {
    printJson(advice);
    return;
  }
  const { recommended, reference, unfinished, question } = advice;
  if (advice.trials.length > 0) {
    const rows = advice.trials.map(({ method, ipc, score, bytes, condensed, scored }) => [
      String(ipc),
      method,
      ...scoreText(score, advice),
      byteCount(bytes),
      duration(condensed),
      duration(scored),
      method === recommended?.method && ipc === recommended.ipc ? "← recommended" : "",
    ]);
    const heading = [
      `${sampleName(dataset.domain.kind)} a class`,
      "method",
      question.reading === "r2" ? "R²" : "accuracy",
    ];
    print(table([[...heading, "±", "size", "made in", "scored in"], ...rows]));
  }
  if (reference)
    print(
      `all ${question.trainedOn} training samples, ${counted(reference.epochs, "epoch")}: ${scoreText(reference.score, advice)[0]}`,
    );
  for (const line of missing(unfinished)) log(line, flags);
  if (advice.wanted !== undefined)
    log(
      `nothing is recommended: ${counted(question.epochs, "epoch")} a network tell little; type --for ${Math.ceil((1.2 * advice.wanted) / 60)}m or longer, or a smaller --net`,
      flags,
    );
  if (!recommended || advice.command === undefined) return;
  const { best, why, method, ipc } = recommended;
  const same = best.method === method && best.ipc === ipc;
  const beside = same ? "" : ` (${best.method} at ${best.ipc}: ${shareText(best.mean, advice)})`;
  const { json, svg } = adviceFiles(folder);
  print(
    table([
      ["recommended", `${method} at ${ipc}: ${why}${beside}`],
      ["advice", json],
      ["picture", svg],
      ["next", advice.command],
    ]),
  );
}

/** What was not reached, a line a reason. */
function missing(unfinished: Advice["unfinished"]): string[] {
  const reasons = [...new Set(unfinished.map(({ why }) => why))];
  return reasons.map((why) => {
    const cells = unfinished.filter((cell) => cell.why === why);
    const names = cells.map(({ method, ipc }) => (ipc === undefined ? "all training data" : `${method} at ${ipc}`));
    return `not reached: ${names.join(", ")}: ${why}`;
  });
}

const shareText = (value: number, { question }: Advice) =>
  question.reading === "r2" ? figure(value, 3) : `${(100 * value).toFixed(1)} %`;

/** A mean and the deviation of several networks. */
function scoreText({ mean, std, runs }: TrialScore, advice: Advice): string[] {
  const spread = advice.question.reading === "r2" ? figure(std, 2) : (100 * std).toFixed(1);
  return [shareText(mean, advice), runs.length > 1 ? spread : "–"];
}

interface Typed {
  /** The dataset with its reading options. */
  readonly dataset: string;
  readonly net?: string | undefined;
  readonly typed: (method: string) => ChosenMethod | undefined;
  readonly plugins: readonly Plugin[];
}

/** The command that makes the recommended set of the whole training split. */
function commandOf(advice: Advice, { dataset, net, typed, plugins }: Typed): string | undefined {
  const { recommended, trials, question } = advice;
  const trial = trials.find(({ method, ipc }) => method === recommended?.method && ipc === recommended.ipc);
  if (!trial) return undefined;
  const { method, ipc, settings } = trial;
  const { steps, realBatch, classes, width, network } = settings;
  return (
    [
      `attar condense ${dataset} --method ${shellWord(typed(method)?.typed ?? method)} --ipc ${ipc}`,
      ...(steps === undefined ? [] : [`--steps ${steps}`]),
      ...(realBatch === undefined ? [] : [`--set realBatch=${realBatch}`]),
      ...(classes === undefined ? [] : [`--set tricks.partition=${classes}`]),
      ...(width === undefined ? [] : [`--set network.width=${width}`]),
      ...(network && net !== undefined ? [`--net ${shellWord(net)}`] : []),
      ...(question.seed === 0 ? [] : [`--seed ${question.seed}`]),
    ].join(" ") + pluginWords(plugins.map(({ path }) => path))
  );
}

function chosenMethods(list: string): ChosenMethod[] {
  const names = partList(list).map((name) => name.trim());
  if (names.length === 0)
    throw new AttarError("bad-option", "--methods names no method", "for example --methods dm,m3d");
  return names.map(chosenMethod);
}

function sizesOf(list: string): number[] {
  const texts = list.split(",").filter((text) => text.trim() !== "");
  if (texts.length === 0) throw new AttarError("bad-option", "--ipc names no size", "for example --ipc 1,10,50");
  return texts.map(wholeNumber("--ipc", 1, undefined, 10));
}
