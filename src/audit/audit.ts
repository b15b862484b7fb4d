import type { ArtefactStore } from "../artefacts/index.ts";
import type { CondenseOptions } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { countOf } from "../data/samples.ts";
import { AttarError, type Runtime, randomKey, size } from "../engine/index.ts";
import { type NetworkSpec, networkText, resolveNetwork } from "../hypotheses/index.ts";
import { type Method, methodNamed } from "../methods/index.ts";
import type { Claim } from "../privacy/index.ts";
import { type Evidence, type MembershipAttack, membershipAttacks } from "./attacks/index.ts";
import { type Game, gameOf } from "./game.ts";
import { attacked, figuresOf, type MembershipFigures } from "./judge.ts";
import { type LowerBound, lowerBound } from "./lowerBound.ts";
import { nearestDistances, quantile } from "./nearest.ts";
import {
  type AuditSubject,
  identityOf,
  makeShadow,
  type Shadow,
  type ShadowContext,
  type ShadowStore,
} from "./shadow.ts";

/** What stands beside the audited method: a random subset of the same size, and the half itself. */
export type Control = "random" | "full";

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
  const { shadows = 16, repeats = 1, seed = 0, controls = ["random"], signal } = options;
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
    artefacts: options.artefacts,
    runtime: options.runtime,
    signal,
    onStep: options.onStep,
  };
  const asked = subjectsOf(method, options.condense ?? {}, controls);
  const subjects: AuditedSubject[] = [];
  let seconds = 0;
  for (const [k, subject] of asked.entries()) {
    const made: Shadow[] = [];
    for (let model = 0; model < shadows; model++) {
      const done = k * shadows + model;
      made.push(await shadowOf(subject, model, context, options.shadowStore, done, asked.length * shadows));
      options.onShadow?.(done + 1, asked.length * shadows, subject.name);
    }
    seconds += made.reduce((sum, own) => sum + own.seconds, 0);
    subjects.push(judged(subject.name, made, game, attacks));
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

/** The method with its options, and what stands beside it. */
export function subjectsOf(method: Method, options: CondenseOptions, controls: readonly Control[]): AuditSubject[] {
  const random = { name: "random", method: methodNamed("random"), options: { ipc: options.ipc ?? 10 } };
  return [
    { name: method.name, method, options },
    ...controls
      .filter((control) => control !== method.name)
      .map((control): AuditSubject => (control === "random" ? random : { name: "full" })),
  ];
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
    const made = await makeShadow(subject, model, context);
    await store?.set(id, made);
    return made;
  } catch (error) {
    if (!context.signal?.aborted) throw error;
    throw new AttarError(
      "interrupted",
      `the audit was interrupted at model ${done + 1} of ${total}; ${store ? "those before it are kept" : "nothing of it is kept"}`,
      store ? "continue with the same command and --resume" : "run the same command again",
      4,
    );
  }
}

/** What attacks find out of models. */
export function judged(
  name: string,
  made: readonly Shadow[],
  { members, asked }: Game,
  attacks: readonly MembershipAttack[],
): AuditedSubject {
  const only = (values: Float64Array) => Float64Array.from(asked, (i) => values[i]!);
  const hasSets = made.every(({ distances }) => distances.length > 0);
  const evidence: Evidence = {
    members: members.map((own) => Uint8Array.from(asked, (i) => own[i]!)),
    confidences: made.map(({ confidences }) => only(confidences)),
    population: made.map(({ population }) => population),
    distances: hasSets ? made.map(({ distances }) => only(distances)) : [],
  };
  const able = attacks.filter(({ sees }) => hasSets || sees === "networks");
  const accuracies = made.map(({ accuracies: own }) => own.reduce((a, b) => a + b, 0) / own.length);
  const mean = accuracies.reduce((a, b) => a + b, 0) / accuracies.length;
  const variance = accuracies.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (accuracies.length - 1);
  const { claimed, unjudged } = claimedBy(made);
  const shown = lowerBound(evidence, able, claimed?.delta ?? 0);
  return {
    name,
    accuracy: { mean, std: Math.sqrt(variance) },
    attacks: Object.fromEntries(
      able.map((attack) => [attack.name, figuresOf(attacked(evidence, attack), evidence.members)]),
    ),
    ...(hasSets && { copies: made.reduce((sum, { copies }) => sum + copies, 0) / made.length }),
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
