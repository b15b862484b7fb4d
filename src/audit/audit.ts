import type { ArtefactStore } from "../artefacts/index.ts";
import type { CondenseOptions } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { countOf } from "../data/samples.ts";
import { nearestDistances } from "../discrepancies/nearestDistances.ts";
import { AttarError, type Runtime, randomKey, size } from "../engine/index.ts";
import { type NetworkSpec, networkText, resolveNetwork } from "../hypotheses/index.ts";
import { type Method, methodNamed } from "../methods/index.ts";
import type { Claim } from "../privacy/index.ts";
import {
  type Evidence,
  inSpaces,
  isSeen,
  type MembershipAttack,
  membershipAttacks,
  type SetSpace,
} from "./attacks/index.ts";
import { meanOf } from "./attacks/sides.ts";
import { equalSubset } from "./equalAccuracy.ts";
import { type Game, gameOf } from "./game.ts";
import { attacked, figuresOf, type MembershipFigures } from "./judge.ts";
import { type LowerBound, lowerBound } from "./lowerBound.ts";
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

/**
 * What stands beside the audited method: a random subset of the same size, the half itself, and a random subset of the size at which
 * networks are as accurate as on the method's sets.
 */
export type Control = "random" | "full" | "equal";

/** The controls, in the order of tables. */
export const controls: readonly Control[] = ["random", "full", "equal"];

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

/** What attacks find out of a method, or of a control beside it. */
export interface AuditedSubject {
  readonly name: string;
  /** Images a class of a set; of the half itself there are as many as it has. */
  readonly ipc?: number;
  /** Of the networks on the test split: mean, and sample deviation over models. */
  readonly accuracy: { readonly mean: number; readonly std: number };
  /** By the names of attacks. */
  readonly attacks: Readonly<Record<string, MembershipFigures>>;
  /** The mean share of copies in the set; none of the half itself. */
  readonly copies?: number;
  /** The ε that the attacks show at least; at the claim's δ, or at 0 where nothing is claimed. */
  readonly shown: LowerBound;
  /** The ε that every model claims, the largest, with its δ; only where it is of a sample more or less. */
  readonly claimed?: Pick<Claim, "epsilon" | "delta">;
  /** Why no claim is judged, where there is one. */
  readonly unjudged?: string;
  /** True where ε is shown to be larger than claimed. */
  readonly refuted: boolean;
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
    const own = subject.name === "equal" ? await equal(subjects[0]!, condense.ipc, game, modelsOf) : subject;
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

/** A random subset of the half, `ipc` images a class. */
const randomOf = (ipc: number, name = "random"): AuditSubject => ({
  name,
  method: methodNamed("random"),
  options: { ipc },
});

/** The method with its options, and what stands beside it. The size of the subset of equal accuracy is not known yet. */
export function subjectsOf(method: Method, options: CondenseOptions, beside: readonly Control[]): AuditSubject[] {
  const ipc = options.ipc ?? 10;
  return [
    { name: method.name, method, options },
    ...beside
      .filter((control) => control !== method.name)
      .map((control): AuditSubject => (control === "full" ? { name: control } : randomOf(ipc, control))),
  ];
}

/** Models on which the size of the subset of equal accuracy is found. */
const triedOn = 2;

/** The random subset whose networks are as accurate as those of the method. */
async function equal(
  { accuracy }: AuditedSubject,
  ipc: number,
  game: Game,
  modelsOf: (subject: AuditSubject, count: number, name: string, counts: boolean) => Promise<readonly Shadow[]>,
): Promise<AuditSubject> {
  const found = await equalSubset(accuracy.mean, ipc, smallestClass(game), async (each) => {
    const made = await modelsOf(randomOf(each), triedOn, "equal", false);
    return made.reduce((sum, { accuracies }) => sum + meanOf(accuracies), 0) / made.length;
  });
  return randomOf(found, "equal");
}

/** The samples of the smallest class in any half: the most that a subset can have of each class. */
function smallestClass({ dataset: { classes }, labels, members }: Game): number {
  return Math.min(
    ...members.map((own) => {
      const counts = new Int32Array(classes.length);
      for (const [i, label] of labels.entries()) counts[label]! += own[i]!;
      return counts.reduce((least, v) => Math.min(least, v));
    }),
  );
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

/** What attacks find out of models. */
export function judged(
  name: string,
  made: readonly Shadow[],
  { labels, members, asked }: Game,
  attacks: readonly MembershipAttack[],
): AuditedSubject {
  const pool = labels.length;
  const only = (values: Float64Array) => Float64Array.from(asked, (i) => values[i]!);
  const has = (name: SetSpace) => made.every(({ distances }) => distances[name].length > 0);
  const numbers = made[0]!.outputs.length / pool;
  const views = made[0]!.views.length / pool;
  const evidence: Evidence = {
    members: members.map((own) => Uint8Array.from(asked, (i) => own[i]!)),
    labels: Int32Array.from(asked, (i) => labels[i]!),
    confidences: made.map(({ confidences }) => only(confidences)),
    views: Array.from({ length: views }, (_, k) =>
      made.map(({ views: own }) => only(own.subarray(k * pool, (k + 1) * pool))),
    ),
    outputs: made.map(({ outputs }) =>
      Float32Array.from(
        { length: asked.length * numbers },
        (_, k) => outputs[asked[Math.floor(k / numbers)]! * numbers + (k % numbers)]!,
      ),
    ),
    population: made.map(({ population }) => population),
    distances: inSpaces((space) => (has(space) ? made.map(({ distances }) => only(distances[space])) : [])),
  };
  const able = attacks.filter(({ sees }) => isSeen(evidence, sees));
  const accuracies = made.map(({ accuracies: own }) => meanOf(own));
  const mean = meanOf(accuracies);
  const variance = accuracies.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (accuracies.length - 1);
  const { claimed, unjudged } = claimedBy(made);
  const shown = lowerBound(evidence, able, claimed?.delta ?? 0);
  return {
    name,
    accuracy: { mean, std: Math.sqrt(variance) },
    attacks: Object.fromEntries(
      able.map((attack) => [attack.name, figuresOf(attacked(evidence, attack), evidence.members)]),
    ),
    ...(has("pixels") && { copies: made.reduce((sum, { copies }) => sum + copies, 0) / made.length }),
    shown,
    ...(claimed && { claimed }),
    ...(unjudged !== undefined && { unjudged }),
    refuted: claimed !== undefined && shown.epsilon > claimed.epsilon,
  };
}

/** The claim that models make: the largest ε and δ of theirs. */
function claimedBy(made: readonly Shadow[]): Pick<AuditedSubject, "claimed" | "unjudged"> {
  const claims = made.flatMap(({ claim }) => claim ?? []);
  if (claims.length === 0) return {};
  const against = claims.find((claim) => claim.against.length > 0)?.against[0];
  if (claims.length < made.length || against !== undefined)
    return { unjudged: against ?? "not every model claims privacy" };
  if (claims.some(({ relation }) => relation !== "add-remove"))
    return { unjudged: "it is of a sample in another one's place, and the game leaves samples out" };
  return {
    claimed: {
      epsilon: Math.max(...claims.map(({ epsilon }) => epsilon)),
      delta: Math.max(...claims.map(({ delta }) => delta)),
    },
  };
}
