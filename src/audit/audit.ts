import type { ArtefactStore } from "../artefacts/index.ts";
import type { CondenseOptions } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { countOf } from "../data/samples.ts";
import { nearestDistances } from "../discrepancies/nearestDistances.ts";
import { AttarError, type Runtime, randomKey, size } from "../engine/index.ts";
import { type NetworkSpec, networkText, resolveNetwork } from "../hypotheses/index.ts";
import type { Method } from "../methods/index.ts";
import { type MembershipAttack, membershipAttacks } from "./attacks/index.ts";
import { type AuditedSubject, judged } from "./auditedSubject.ts";
import { type Control, equalOf, subjectsOf } from "./controls.ts";
import { type Game, gameOf } from "./game.ts";
import { nearnessOf } from "./nearness.ts";
import { quantile } from "./quantile.ts";
import {
  type AuditSubject,
  identityOf,
  makeShadow,
  type Shadow,
  type ShadowContext,
  type ShadowStore,
} from "./shadow.ts";

export interface AuditOptions {
  /** Models a subject: halves of the pool, condensed each. 16 where left out; at least 4. */
  readonly shadows?: number;
  /** Samples of the training split that are asked about; all where left out. */
  readonly pool?: number;
  /** Samples of the pool that get a wrong label and are asked about alone. */
  readonly canaries?: number;
  /** Options of the condensation: ipc, steps and settings. */
  readonly condense?: CondenseOptions;
  /** The network that is trained on sets; the domain's where left out. */
  readonly network?: NetworkSpec;
  /** Networks a set; one where left out. */
  readonly repeats?: number;
  /** Epochs on a set; the protocol's where left out. */
  readonly epochs?: number;
  readonly seed?: number;
  readonly attacks?: readonly MembershipAttack[];
  /** The random subset where left out. */
  readonly controls?: readonly Control[];
  readonly artefacts?: ArtefactStore;
  readonly shadowStore?: ShadowStore;
  readonly runtime?: Runtime;
  readonly signal?: AbortSignal;
  /** Called with every model that is there: made, or kept from before. */
  readonly onShadow?: (done: number, total: number, subject: string) => void;
  /** Called within a model: `done` of `total` steps, or epochs of networks. */
  readonly onStep?: (done: number, total: number, what: string) => void;
}

export interface Audit {
  readonly dataset: string;
  readonly checksum: string;
  /** Samples that were asked about. */
  readonly asked: number;
  readonly pool: number;
  readonly canaries: number;
  readonly shadows: number;
  readonly network: string;
  readonly repeats: number;
  readonly seed: number;
  /** The method first, then the controls. */
  readonly subjects: readonly AuditedSubject[];
  /** Seconds that all models took to make, those that were kept included. */
  readonly seconds: number;
}

/** Test samples that stand for those of no model. */
const mostOthers = 1000;

/** Rows of the pool from which the usual distance between neighbours is measured. */
const neighboursOf = 500;

/**
 * Membership inference against a method (Shokri et al. 2017; Carlini et al. 2022): many halves of a pool are condensed, each by
 * itself, networks are trained on every set alone, and attacks that know all other halves guess which samples were in one. Every
 * model condenses anew: networks on other draws of one set would measure nothing.
 *
 * @example const { subjects } = await audit(digits, methodNamed("dm"), { shadows: 16, condense: { ipc: 10 } });
 * subjects[0].attacks.lira.auc.value // 0.5: no better than a coin
 * @throws AttarError "bad-option"; "no-test-split"; "bad-combination" where numbers are predicted; "interrupted" (exit code 4)
 * when aborted, models that were made are kept then; and as `condense` does
 */
export async function audit(dataset: Dataset, method: Method, options: AuditOptions = {}): Promise<Audit> {
  const { shadows = 16, repeats = 1, seed = 0, controls: beside = ["random"], signal, shadowStore: store } = options;
  const attacks = options.attacks ?? membershipAttacks;
  const game = await gameOf(dataset, { shadows, seed, pool: options.pool, canaries: options.canaries });
  if (dataset.test.labels.length === 0)
    throw new AttarError(
      "no-test-split",
      `${dataset.name} has no test split, whose samples stand for those of no model`,
      "add --test-share 0.2, or name a test split: --test PATH",
    );
  const network = options.network ?? resolveNetwork(dataset.domain.network);
  const context: ShadowContext = {
    game,
    training: { network, repeats, epochs: options.epochs, seed },
    others: othersOf(dataset, seed),
    copyBelow: await usualNeighbour(game, signal),
    nearness: nearnessOf(game),
    artefacts: options.artefacts,
    runtime: options.runtime,
    signal,
    onStep: options.onStep,
  };
  const condense = { ipc: 10, ...options.condense };
  const asked = subjectsOf(method, condense, beside);
  const total = asked.length * shadows;
  const subjects: AuditedSubject[] = [];
  let [done, seconds] = [0, 0];
  const modelsOf = async (subject: AuditSubject, count: number, name: string, counts = true): Promise<Shadow[]> => {
    const made: Shadow[] = [];
    for (let model = 0; model < count; model++) {
      made.push(await shadowOf(subject, model, context, store, done, total));
      if (counts) options.onShadow?.(++done, total, name);
    }
    return made;
  };
  for (const subject of asked) {
    const own = subject.name === "equal" ? await equalOf(subjects[0]!, condense.ipc, game, modelsOf) : subject;
    const made = await modelsOf(own, shadows, subject.name);
    seconds += made.reduce((sum, { seconds: each }) => sum + each, 0);
    const ipc = "method" in own ? (own.options.ipc ?? condense.ipc) : undefined;
    subjects.push({ ...judged(subject.name, made, game, attacks), ...(ipc !== undefined && { ipc }) });
  }
  return {
    dataset: dataset.name,
    checksum: dataset.checksum,
    asked: game.asked.length,
    pool: countOf(game.dataset, "train"),
    canaries: options.canaries ?? 0,
    shadows,
    network: networkText(network),
    repeats,
    seed,
    subjects,
    seconds,
  };
}

const othersOf = ({ test }: Dataset, seed: number): readonly number[] => {
  const all = test.labels.length;
  const key = randomKey(seed).fold("membership").fold("others");
  return Array.from(key.permutation(all, Math.min(all, mostOthers))).sort((a, b) => a - b);
};

/** The distance that one in a hundred samples of the pool is below from its nearest neighbour there. */
async function usualNeighbour({ dataset }: Game, signal?: AbortSignal): Promise<number> {
  const images = (await normaliseBatch(dataset, "train")).data as Float32Array;
  const d = size(dataset.shape);
  const some = images.subarray(0, Math.min(images.length, neighboursOf * d));
  return quantile(await nearestDistances(some, images, d, { skip: true, signal }), 0.01);
}

async function shadowOf(
  subject: AuditSubject,
  model: number,
  context: ShadowContext,
  store: ShadowStore | undefined,
  done: number,
  total: number,
): Promise<Shadow> {
  try {
    const id = JSON.stringify(await identityOf(subject, model, context));
    const kept = await store?.get(id);
    if (kept) return kept;
    const made = await makeShadow(subject, model, context, { id, store });
    await store?.set(id, made);
    return made;
  } catch (error) {
    if (!context.signal?.aborted) throw error;
    throw new AttarError(
      "interrupted",
      `the audit was interrupted at model ${done + 1} of ${total}; ${store ? "what was made is kept" : "nothing of it is kept"}`,
      store ? "continue with the same command and --resume" : "run the same command again",
      4,
    );
  }
}
