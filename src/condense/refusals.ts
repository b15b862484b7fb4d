import { criterionNamed, distanceNamed } from "../discrepancies/index.ts";
import { AttarError, type OptionValues } from "../engine/index.ts";
import { generatorNamed, parseGenerator } from "../generators/index.ts";
import { solverNamed, sourceNamed } from "../hypotheses/index.ts";
import { encoderAsked, type FittedSpec } from "../synthetic/index.ts";
import { type AnyTrick, type MethodTraits, type Trick, trickNamed } from "../tricks/index.ts";
import { viewNamed } from "../views/index.ts";
import type { ResolvedParts } from "./resolvedParts.ts";

/** Parts that are to go together. */
export interface Considered extends ResolvedParts {
  readonly method: string;
  /** True where the objective augments S and T. */
  readonly augmented: boolean;
  readonly initialisation: string;
}

/** A reason why parts do not go together, read off their traits. */
interface Refusal {
  readonly when: (parts: Considered) => boolean;
  /** The end of the sentence, after the method's name. */
  readonly reason: (parts: Considered) => string;
  readonly hint: (parts: Considered) => string;
}

const isSolved = ({ solver }: Considered) => solver !== undefined;
const isMatched = ({ terms }: Considered) => terms.length > 0;

/** Every refusal of a pair of parts, in the order in which they are looked at. */
const refusals: readonly Refusal[] = [
  {
    when: ({ solver, criterion }) =>
      solver !== undefined &&
      criterion !== undefined &&
      solverNamed(solver.name).yields === "predictor" &&
      criterionNamed(criterion.name).reads === "parameters",
    reason: ({ solver }) => `reads parameters, and the solver ${solver?.name} has none`,
    hint: () => "see attar methods for pairs that fit",
  },
  {
    when: (parts) => isSolved(parts) && parts.update.per === "class",
    reason: () => "trains on all of S at once, and moves it once a step",
    hint: () => "--set update.per=iteration",
  },
  {
    when: (parts) => isSolved(parts) && Boolean(parts.synthetic.options.most),
    reason: () => "trains on all of S",
    hint: () => "--set synthetic.most=0; solver.batch says how many images a step of training sees",
  },
  {
    when: (parts) => isSolved(parts) && Boolean(parts.synthetic.options.draw),
    reason: () => "trains on one and the same S",
    hint: () => "--set synthetic.draw=0",
  },
  {
    when: (parts) => parts.labels?.learned === true && Boolean(parts.synthetic.options.draw),
    reason: () => "draws other images every step, to which no learned label belongs",
    hint: () => "--set labels.learned=false, or --set synthetic.draw=0",
  },
  {
    when: (parts) => isSolved(parts) && parts.warmup.share > 0,
    reason: () => "has no terms that could count in a warm-up only",
    hint: () => "--set warmup.share=0",
  },
  {
    when: (parts) =>
      isMatched(parts) &&
      parts.hypotheses.options.augmented === true &&
      !sourceNamed(parts.hypotheses.name).ownAugmentation &&
      !parts.augmented,
    reason: () => "trains networks as matching augments (hypotheses.augmented), and matching does not augment",
    hint: () => "--set tricks.augmentation=siamese, or --set hypotheses.augmented=false",
  },
  {
    when: (parts) => sourceNamed(parts.hypotheses.name).atOnce === 0 && viewOfNetwork(parts) !== undefined,
    reason: (parts) => `looks through a network in its view ${viewOfNetwork(parts)}, and hypotheses "none" has none`,
    hint: () => "use another source of hypotheses, such as fresh",
  },
  {
    when: (parts) => networksOfSolver(parts) > sourceNamed(parts.hypotheses.name).atOnce,
    reason: (parts) =>
      `looks through ${networksOfSolver(parts)} networks in its solver ${parts.solver?.name}, and hypotheses "${parts.hypotheses.name}" gives ${sourceNamed(parts.hypotheses.name).atOnce}`,
    hint: () => "use another source of hypotheses, such as fresh",
  },
  {
    when: ({ selection }) => selection?.options.decoded === true && !isDecoded(encoderAsked(selection.options)),
    reason: ({ selection }) =>
      `would decode the centres of codes, and the encoder ${selection?.options.encoder} has no decoder`,
    hint: () => "--set initialisation.encoder=pca:50, or an autoencoder; or --set initialisation.decoded=false",
  },
  {
    when: (parts) => withoutMoments(parts) !== undefined,
    reason: (parts) =>
      `needs the statistics of batch normalisation for its discrepancy ${withoutMoments(parts)?.discrepancy.name}, which the view ${withoutMoments(parts)?.view.name} does not yield`,
    hint: () => "use the view channels",
  },
  {
    when: (parts) => isMatched(parts) && parts.labels?.learned === true && !readsLabels(parts),
    reason: () => "has no term that reads labels, so they would never be learned",
    hint: () => "--set tricks.classification=1, or --set labels.learned=false",
  },
  {
    when: (parts) => trickOf(parts, "adversary") !== undefined && isSolved(parts) && !canBeAttacked(parts),
    reason: (parts) =>
      `reads no loss on T that the trick ${trickOf(parts, "adversary")} could raise: its criterion is ${parts.criterion?.name}, its solver ${parts.solver?.name}`,
    hint: (parts) => `--set tricks.${trickOf(parts, "adversary")}=none`,
  },
  {
    when: (parts) => trickOf(parts, "adversary") !== undefined && isMatched(parts) && looksThroughNone(parts),
    reason: (parts) => `looks through no network that the trick ${trickOf(parts, "adversary")} could attack`,
    hint: (parts) => `--set tricks.${trickOf(parts, "adversary")}=none`,
  },
  {
    when: (parts) => trickOf(parts, "denoising") !== undefined && isSolved(parts),
    reason: (parts) => `trains on S by a solver, beside which the trick ${trickOf(parts, "denoising")} does not run`,
    hint: (parts) => `--set tricks.${trickOf(parts, "denoising")}=none`,
  },
  {
    when: (parts) => trickOf(parts, "denoising") !== undefined && !keepsDiffusion(parts),
    reason: (parts) =>
      `keeps with S no diffusion model, layers that encode T among it, that the trick ${trickOf(parts, "denoising")} could train`,
    hint: () =>
      "--set synthetic=latent --set synthetic.generator=ldm --set synthetic.encoder=true --set synthetic.weights=learned",
  },
  {
    when: (parts) => isSolved(parts) && trickOf(parts, "proxy") !== undefined && !readsReal(parts),
    reason: (parts) => `reads no real images that the trick ${trickOf(parts, "proxy")} could choose`,
    hint: (parts) => `--set tricks.${trickOf(parts, "proxy")}=none`,
  },
];

/** Tells whether the weights of a diffusion model move with S, its encoder beside them. */
const keepsDiffusion = ({ synthetic: { name, options } }: Considered) =>
  name === "latent" &&
  generatorNamed(parseGenerator(String(options.generator)).name).denoises === true &&
  options.weights !== "frozen" &&
  options.encoder === true &&
  options.layer === 0;

/** Tells whether the encoder that is asked for comes with a decoder. */
const isDecoded = (encoder: FittedSpec | undefined) => encoder?.kind === "pca" || encoder?.kind === "autoencoder";

const viewOfNetwork = ({ terms }: Considered) => terms.find(({ view }) => viewNamed(view.name).needsNetwork)?.view.name;

/** The number of hypotheses that an outer step's solver looks through. */
const networksOfSolver = ({ solver }: Considered) =>
  solver ? (solverNamed(solver.name).hypotheses?.(solver.options) ?? 1) : 0;

/** A term whose discrepancy reads moments of channels that its view does not yield. */
const withoutMoments = ({ terms }: Considered) =>
  terms.find(
    ({ view, discrepancy }) => distanceNamed(discrepancy.name).ofChannelMoments && !viewNamed(view.name).channelMoments,
  );

const trickOf = ({ tricks }: Considered, kind: Trick["kind"]) =>
  tricks.find(({ name }) => trickNamed(name).kind === kind)?.name;

/** Tells whether a solver's answer has a loss on T with a gradient in its images. */
const canBeAttacked = ({ solver, criterion }: Considered) =>
  criterion !== undefined &&
  criterionNamed(criterion.name).reads === "outputs" &&
  (solverNamed(solver!.name).yields === "network" || solverNamed(solver!.name).attacked === true);

const looksThroughNone = ({ hypotheses }: Considered) => sourceNamed(hypotheses.name).atOnce === 0;

/** Tells whether a term or a trick reads the labels of S. */
const readsLabels = ({ terms, tricks }: Considered) =>
  terms.some(({ view }) => viewNamed(view.name).yields === "gradient") ||
  tricks.some(({ name }) => trickNamed(name).readsLabels);

/** Tells whether a step of an objective with a solver reads images of T. */
const readsReal = ({ criterion, tricks }: Considered) =>
  (criterion && criterionNamed(criterion.name).reads === "outputs") ||
  tricks.some(({ name }) => ["regularisation", "directional", "input"].includes(trickNamed(name).kind));

/** @throws AttarError "bad-combination" with the first reason why parts do not go together. */
export function refuseOddParts(parts: Considered): void {
  for (const { when, reason, hint } of refusals)
    if (when(parts)) throw new AttarError("bad-combination", `${parts.method} ${reason(parts)}`, hint(parts));
}

/** @throws AttarError "bad-combination" where a trick does not fit a method's traits, or two tricks take the same place. */
export function refuseOddTricks(
  method: string,
  tricks: readonly { readonly name: string; readonly options: OptionValues }[],
  traits: MethodTraits,
): void {
  const kinds = new Map<string, string>();
  for (const { name, options } of tricks) {
    const trick = trickNamed(name);
    const { refuses, values }: AnyTrick = trick;
    const other = kinds.get(trick.kind);
    if (other && (trick.kind === "proxy" || trick.kind === "partition" || trick.kind === "adversary"))
      throw new AttarError(
        "bad-combination",
        `the tricks ${other} and ${name} cannot both be used`,
        `--set tricks.${other}=none`,
      );
    kinds.set(trick.kind, name);
    const unserved = traits.predictsValues && values && "refused" in values ? String(values.refused) : undefined;
    const reason =
      (unserved && `${unserved}, and numbers are predicted in place of classes`) ??
      refuses?.(options, traits) ??
      (trick.kind === "regularisation" && trick.hypotheses > traits.hypotheses
        ? `it compares ${trick.hypotheses} hypotheses, the method has ${traits.hypotheses}`
        : undefined) ??
      (trick.kind === "directional" && traits.hypotheses === 0 ? "the method looks through no network" : undefined);
    if (reason)
      throw new AttarError(
        "bad-combination",
        `the trick ${name} makes no sense with ${method} here: ${reason}`,
        `leave it out, or take it away with --set tricks.${name}=none`,
      );
  }
}
