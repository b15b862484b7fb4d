import { existsSync } from "node:fs";
import { artefactCache } from "../artefacts/node/artefactCache.node.ts";
import { gameOf, halfOf } from "../audit/game.ts";
import {
  type Audit,
  type AuditOptions,
  controls as allControls,
  audit,
  type Control,
  costOfModel,
  type MembershipAttack,
  membershipAttackNamed,
} from "../audit/index.ts";
import { shadowFolder } from "../audit/node/shadowFolder.node.ts";
import { type CondenseOptions, type Plugin, resolveConfiguration } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { writeAtomic } from "../data/index.ts";
import { countOf } from "../data/samples.ts";
import { AttarError } from "../engine/errors.ts";
import { type NetworkSpec, parseNetwork, resolveNetwork, sourceNamed } from "../hypotheses/index.ts";
import { isCoreset, type Method, methods } from "../methods/index.ts";
import { auditTable } from "./auditTable.ts";
import { chosenMethod } from "./chosenMethod.ts";
import { type DatasetFlags, logGuesses, readOptionsOf } from "./datasetOptions.ts";
import { interruptible } from "./interruptible.ts";
import { loadDataset } from "./loadDataset.ts";
import { counted, duration, figure } from "./numbers.ts";
import { optionsOfRun } from "./optionsOfRun.ts";
import { log, type OutputOptions, print, printJson, shellWord, table } from "./output.ts";
import { refuseOtherPicture, signed } from "./ownOutput.ts";
import { Progress } from "./progress.ts";
import { rocChart } from "./rocChart.ts";
import { readSettings } from "./settings.ts";

export interface AuditFlags extends OutputOptions, DatasetFlags {
  on?: string;
  attack?: string;
  shadows?: number;
  pool?: number;
  canaries?: number;
  controls?: string;
  ipc?: number;
  preset?: string;
  steps?: number;
  net?: string;
  repeats?: number;
  epochs?: number;
  seed?: number;
  set: string[];
  for?: number;
  out?: string;
  plot?: string;
  resume?: boolean;
  dryRun?: boolean;
}

const usualShadows = 16;

/** `attar audit <run|method> --on <dataset>`: which samples a set was made of, guessed by attacks. */
export async function auditCommand(subject: string, flags: AuditFlags, plugins: readonly Plugin[] = []): Promise<void> {
  if (flags.on === undefined)
    throw new AttarError(
      "bad-option",
      "audit needs the dataset whose halves are condensed",
      `attar audit ${shellWord(subject)} --on digits`,
    );
  const attacks = flags.attack === undefined ? undefined : parseAttackNames(flags.attack);
  const controls = flags.controls === undefined ? undefined : parseControls(flags.controls);
  if (flags.plot !== undefined) await refuseOtherPicture(flags.plot);
  if (flags.for !== undefined && flags.shadows !== undefined)
    throw new AttarError(
      "bad-option",
      "--for chooses how many models there are, as --shadows does",
      "leave one of them out",
    );
  const dataset = await loadDataset(flags.on, readOptionsOf(flags), flags);
  logGuesses(dataset, flags);
  const { method, options, network } = await asked(subject, dataset, flags, plugins);
  await interruptible("stopping: models that were made are kept", flags, async (signal) => {
    const given: AuditOptions = {
      ...(attacks && { attacks }),
      ...(controls && { controls }),
      ...(flags.pool !== undefined && { pool: flags.pool }),
      ...(flags.canaries !== undefined && { canaries: flags.canaries }),
      ...(flags.repeats !== undefined && { repeats: flags.repeats }),
      ...(flags.epochs !== undefined && { epochs: flags.epochs }),
      seed: flags.seed ?? 0,
      condense: options,
      network,
      signal,
    };
    const { shadows, seconds } = await plan(dataset, method, given, flags);
    if (flags.dryRun) {
      if (flags.json) printJson({ method: method.name, shadows, seconds });
      else
        print(
          table([
            ["models", String(shadows)],
            ["time", `about ${duration(seconds)} on this machine`],
          ]),
        );
      return;
    }
    const result = await made(dataset, method, { ...given, shadows }, flags);
    if (flags.json) printJson(plain(result));
    else print(auditTable(result));
    if (flags.plot !== undefined) {
      await writeAtomic(flags.plot, signed(rocChart(result)));
      log(`picture: ${flags.plot}`, flags);
    }
    refuseRefuted(result);
  });
}

async function made(dataset: Dataset, method: Method, options: AuditOptions, flags: AuditFlags): Promise<Audit> {
  const progress = new Progress(flags);
  let [done, total] = [0, options.shadows ?? usualShadows];
  let name = method.name;
  try {
    return await audit(dataset, method, {
      ...options,
      artefacts: artefactCache({ onWait: (note) => log(note, flags), signal: options.signal }),
      shadowStore: shadowFolder(flags.out ?? "runs/audit", flags.resume ?? false),
      onShadow: (now, all, subject) => {
        [done, total, name] = [now, all, subject];
        progress.show(done, total, name);
      },
      onStep: (step, steps, what) => progress.show(done, total, `${name}: ${what} ${step}/${steps}`),
    });
  } finally {
    progress.end();
  }
}

/** The method with its options: those of a run, or those that were typed. */
async function asked(
  subject: string,
  dataset: Dataset,
  flags: AuditFlags,
  plugins: readonly Plugin[],
): Promise<{ method: Method; options: CondenseOptions; network: NetworkSpec }> {
  const { ipc, preset, steps, seed, net } = flags;
  const known = methods.some(({ name }) => name === subject) || subject.endsWith(".json");
  const typed = net === undefined ? undefined : parseNetwork(net);
  const network = typed ?? resolveNetwork(dataset.domain.network);
  if (!known && existsSync(subject)) {
    const odd = { "--ipc": ipc, "--preset": preset, "--steps": steps, "--set": flags.set[0] };
    const [named] = Object.entries(odd).find(([, value]) => value !== undefined) ?? [];
    if (named !== undefined)
      throw new AttarError(
        "bad-option",
        `${named} changes how a set is made, and ${subject} is made as its run was`,
        `leave ${named} out, or name the method in place of the run`,
      );
    return { ...(await optionsOfRun(subject, dataset)), network };
  }
  const { method, record } = chosenMethod(subject);
  const { net: through, method: _, ...read } = readSettings(undefined, flags.set, { ipc, preset, steps, seed });
  const options: CondenseOptions = {
    ...read,
    ipc: read.ipc ?? 10,
    ...(record && { record }),
    ...(plugins.length > 0 && { plugins }),
  };
  const looks = through === undefined ? typed : parseNetwork(through);
  const resolved = resolveConfiguration(dataset, method, options);
  const sees = !isCoreset(method) && sourceNamed(resolved.hypotheses.name).atOnce > 0;
  return { method, options: { ...options, ...(looks && sees && { network: looks }) }, network };
}

/** How many models there are to be, and the seconds that they take: those of the controls, too. Says so before anything is made. */
async function plan(
  dataset: Dataset,
  method: Method,
  {
    condense = {},
    network,
    repeats = 1,
    epochs,
    pool,
    canaries,
    seed = 0,
    controls = ["random"],
    signal,
  }: AuditOptions,
  flags: AuditFlags,
): Promise<{ shadows: number; seconds: number }> {
  const shadows = flags.shadows ?? usualShadows;
  const game = await gameOf(dataset, { shadows: Math.max(4, shadows), pool, canaries, seed });
  const half = await halfOf(game, 0);
  const cost = await costOfModel(half, method, {
    condense,
    network: network ?? resolveNetwork(dataset.domain.network),
    repeats,
    epochs,
    signal,
  });
  const beside = controls.filter((control) => control !== method.name).length;
  const each = cost.condensed + (1 + beside) * cost.trained;
  const chosen = flags.for === undefined ? shadows : Math.max(4, Math.floor(flags.for / each));
  const seconds = chosen * each;
  const steps = cost.steps > 0 ? `, ${counted(cost.steps, "step")} each` : "";
  log(
    `${method.title} on ${dataset.name}: ${counted(chosen, "half", "halves")} of ${countOf(game.dataset, "train")} samples condensed${steps}, ${counted(repeats, "network")} of ${counted(cost.epochs, "epoch")} on every set; about ${duration(seconds)}`,
    flags,
  );
  return { shadows: chosen, seconds };
}

function parseAttackNames(list: string): MembershipAttack[] {
  return [...new Set(list.split(","))].map((name) => membershipAttackNamed(name.trim()));
}

function parseControls(list: string): Control[] {
  return list
    .split(",")
    .filter((name) => name !== "none" && name !== "")
    .map((name) => {
      const known = allControls.find((control) => control === name.trim());
      if (known) return known;
      const names = allControls.join(",");
      throw new AttarError("bad-option", `unknown control "${name}"`, `--controls ${names}, some of them, or none`);
    });
}

/** An audit without the points of its curves. */
function plain({ subjects, ...rest }: Audit): object {
  return {
    ...rest,
    subjects: subjects.map(({ attacks, ...own }) => ({
      ...own,
      attacks: Object.fromEntries(Object.entries(attacks).map(([name, { roc: _, ...figures }]) => [name, figures])),
    })),
  };
}

/** @throws AttarError "claim-refuted" (exit code 1) where more is shown than is claimed */
function refuseRefuted({ subjects }: Audit): void {
  const found = subjects.find(({ refuted }) => refuted);
  if (!found) return;
  throw new AttarError(
    "claim-refuted",
    `${found.name} claims ε ${figure(found.claimed!.epsilon, 3)}, and ${found.shown.attack} shows at least ${figure(found.shown.epsilon, 3)}`,
    "do not rely on the claim: noise, clip or coins are not what they are said to be",
    1,
  );
}
