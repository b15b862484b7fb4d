import type { Array as Traced } from "@jax-js/jax";
import type {
  Cited,
  NumberRule,
  OptionRule,
  OptionRules,
  RandomKey,
  Resolved,
  Serving,
  Tensor,
  Tensors,
} from "../engine/index.ts";
import type { Optimizer, Params, TracedParams } from "../hypotheses/index.ts";

/** The traits that a trick may ask of the method it is combined with. */
export interface MethodTraits {
  /** Hypotheses that the method's source gives at once; 0 where it has none. */
  readonly hypotheses: number;
  /** True where a hypothesis comes with a subspace of the parameters. */
  readonly subspace: boolean;
  /** Training images of S per class: stored ones times what each is decoded into. */
  readonly imagesPerClass: number;
  /** Of these, images that are renderings of one stored sample. */
  readonly renderings: number;
  readonly classes: number;
  /** True where numbers are predicted in place of classes: classes are bins of them then. */
  readonly predictsValues: boolean;
  /** True where images are whitened after mean and deviation. */
  readonly whitened: boolean;
  /** [C, H, W]. */
  readonly shape: readonly [number, number, number];
  /** Real images drawn per class and step. */
  readonly realBatch: number;
  /** True where every image of S starts from a real one of its own. */
  readonly startsFromImages: boolean;
}

/** The fields that all tricks have. */
export interface AnyTrick<R extends OptionRules = OptionRules> extends Cited, Serving {
  readonly title: string;
  readonly formula?: string;
  /** Section of the paper. */
  readonly reference: string;
  readonly options: R;
  /** The option that `--set tricks.<name>=<value>` sets. */
  readonly main: keyof R & string;
  /** True where the labels of S enter, beside the classes they belong to. */
  readonly readsLabels?: boolean;
  /** The reason that it makes no sense with a method, as the end of a sentence, or undefined. */
  refuses?(options: Resolved<R>, method: MethodTraits): string | undefined;
}

/** The values of the two sets that a regularising term reads. */
export interface RegularisedSides {
  /** Values of S, [groups, n, k], one entry a hypothesis; a group is a class. */
  readonly synthetic: readonly Traced[];
  /** Values of T under the first hypothesis: [groups, k] means, [groups, m, k] rows, [groups, n, k] of partners. Absent where not asked for. */
  readonly real?: Traced;
  /** One-hot labels of S, [groups, n, classes]. */
  readonly targets: Traced;
  /** Training accuracy of the first hypothesis, a scalar in 0..1. */
  readonly accuracy: Traced;
}

/** The options of an added term: its `weight` multiplies it. */
export type WeightedRules = OptionRules & { readonly weight: NumberRule };

/** An added term of the objective (§5.3.2, A.2). */
export interface RegularisationTrick<R extends WeightedRules = WeightedRules> extends AnyTrick<R> {
  readonly kind: "regularisation";
  /** The images it is a function of: those of a class, summed over classes, or all of S. */
  readonly over: "class" | "set";
  /** Hypotheses it compares. */
  readonly hypotheses: number;
  /** The view whose values it reads, of one entry; one of its options may choose it. */
  view(options: Resolved<R>): string;
  /** The values of T that it reads: of the step's real images, or of the partners of S, the image that each started from. */
  readonly real: "none" | "means" | "rows" | "partners";
  /** Consumes all of `sides`. Returns a scalar. */
  make(options: Resolved<R>): (sides: RegularisedSides) => Traced;
}

/** The eigenvector of the largest eigenvalue of H_T − H_S, Hessians of mean losses in the layers named. */
export interface CurvatureRequest {
  readonly along: "curvature";
  readonly layers: "head" | "all";
  /** Hessian-vector products of each side. */
  readonly iterations: number;
  /** Real images of a class, at most. */
  readonly images: number;
}

/** Directions of the parameters that a term reads: that eigenvector, or the subspace that the hypothesis comes with. */
export type DirectionRequest = CurvatureRequest | { readonly along: "subspace" };

/** The values that a term along directions of the parameters reads. */
export interface DirectionalSides {
  /** Mean cross-entropy of S as a function of the parameters; consumes them, may be called once. */
  readonly loss: (params: TracedParams) => Traced;
  /** θ, the first hypothesis. */
  readonly params: TracedParams;
  /** Orthonormal directions, leaves [k, …shape of the parameter]; layers left out do not take part. */
  readonly vectors: TracedParams;
  /** Σ vᵀ H_T v over the directions, a scalar; 0 for a subspace. */
  readonly curvature: Traced;
}

/** An added term that reads the loss of S as a function of the parameters, over the whole set (§5.2.2, §5.3.2). */
export interface DirectionalTrick<R extends WeightedRules = WeightedRules> extends AnyTrick<R> {
  readonly kind: "directional";
  directions(options: Resolved<R>): DirectionRequest;
  /** Consumes all of `sides`. Returns a scalar. */
  make(options: Resolved<R>): (sides: DirectionalSides) => Traced;
}

/** The images that a proxy of T is chosen from, and their embeddings. */
export interface ProxyContext {
  readonly step: number;
  /** Key of the step. */
  readonly key: RandomKey;
  /** Number of images of each class, and of images to choose in each. */
  readonly sizes: readonly number[];
  readonly count: number;
  /** Embeddings [n, k] of images of a class, by their position in it, under the step's first hypothesis. */
  embed(group: number, positions: ArrayLike<number>): Promise<Tensor>;
}

/** Replaces the random real batch by chosen images (§5.3.3). */
export interface ProxyTrick<R extends OptionRules = OptionRules> extends AnyTrick<R> {
  readonly kind: "proxy";
  make(options: Resolved<R>): RealProxy;
}

export interface RealProxy {
  /**
   * `count` positions in each class for a step, [classes, count] in `kept.positions` from then on; what is kept goes into
   * checkpoints.
   */
  choose(context: ProxyContext, kept: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  dispose(): void;
}

/** The attack on the real images of a step. */
export interface StepAttack {
  readonly norm: "linf" | "l2";
  /** In pixels from black at 0 to white at 1. */
  readonly radius: number;
  readonly steps: number;
  /** Length of a step as a share of the radius. */
  readonly step: number;
}

/** Shows a step real images that are perturbed against what it looks through (§6.2). */
export interface AdversaryTrick<R extends OptionRules = OptionRules> extends AnyTrick<R> {
  readonly kind: "adversary";
  /** The attack after a share of the run, from 0 to 1. */
  make(options: Resolved<R>): (progress: number) => StepAttack;
}

/** The values that a term over the images of S reads. */
export interface InputSides {
  /** The cross-entropy of S, summed over its images, as a function of them [n, C, H, W]; consumes them. */
  readonly loss: (images: Traced) => Traced;
  /** [n, C, H, W], decoded and augmented. */
  readonly images: Traced;
}

/** An added term that reads the loss of S as a function of its images, over the whole set (§6.2). */
export interface InputTrick<R extends WeightedRules = WeightedRules> extends AnyTrick<R> {
  readonly kind: "input";
  /** Consumes the images. Returns a scalar. */
  make(options: Resolved<R>): (sides: InputSides) => Traced;
}

/** The set that an opponent is made for. */
export interface OpponentGround {
  /** [C, H, W]. */
  readonly shape: readonly [number, number, number];
  readonly classes: number;
  /** Images one after the other that are renderings of one sample. */
  readonly renderings: number;
}

/** Arrays of a step, drawn on the host, by name. */
export type Drawn = { [name: string]: Traced };

/** The images of S as an opponent's term sees them. */
export interface OpposedSides {
  /** [n, C, H, W], decoded and augmented. */
  readonly images: Traced;
  /** One-hot labels [n, classes]. */
  readonly targets: Traced;
  readonly draws: Drawn;
}

/** The sets that an opponent learns from. */
export interface OpponentSets extends OpposedSides {
  /** As many images of T with their one-hot labels, where it reads any. */
  readonly real?: { readonly images: Traced; readonly targets: Traced };
}

/**
 * A network beside the hypotheses, which learns from S, or from S and T, after every step: S is moved against what it was before the step.
 * Its parameters and its optimizer's state are a slot of the run.
 */
export interface Opponent {
  init(key: RandomKey): Params;
  readonly optimizer: Optimizer;
  readonly rate: number;
  /** Its own steps after each of the run's. */
  readonly steps: number;
  readonly readsReal: boolean;
  /** What a step draws for n images of S, of its term and of its own loss alike. */
  draws(n: number, key: RandomKey): Tensors;
  /** The term that is added to the objective. Consumes what it is given; returns a scalar. */
  term(params: TracedParams, sides: OpposedSides): Traced;
  /** The loss that it learns by. Consumes what it is given; returns a scalar. */
  loss(params: TracedParams, sets: OpponentSets): Traced;
}

/** An added term that reads S through a network of its own, trained while S moves (A.1.2, A.1.4). */
export interface OpponentTrick<R extends WeightedRules = WeightedRules> extends AnyTrick<R> {
  readonly kind: "opponent";
  /** The name of its slot. */
  readonly slot: string;
  /** @throws AttarError where it does not suit the data */
  make(options: Resolved<R>, ground: OpponentGround): Opponent;
}

/** Trains the diffusion model in whose codes S lives by its own loss, with memories of latents beside it (A.1.3, A.2.2). */
export interface DenoisingTrick<R extends DenoisingRules = DenoisingRules> extends AnyTrick<R> {
  readonly kind: "denoising";
}

/** How pairs of an estimate and a memory count: the one extreme pair of a class, or the extreme one of each estimate on the average. */
export type Reduction = "all" | "each";

/** The options of that loss: its weight, and those of the terms that look at memories. */
export type DenoisingRules = WeightedRules & {
  readonly representative: NumberRule;
  readonly diversity: NumberRule;
  readonly memory: Extract<OptionRule, { readonly kind: "integer" }>;
  readonly reduce: Extract<OptionRule, { readonly kind: "choice" }> & { readonly of: readonly Reduction[] };
};

/** Visits a part of the classes in every step (§5.3.3). */
export interface PartitionTrick<R extends OptionRules = OptionRules> extends AnyTrick<R> {
  readonly kind: "partition";
  /** Classes of a step, ascending. */
  make(options: Resolved<R>): (step: number, classes: number) => number[];
}

export type Trick =
  | DenoisingTrick
  | RegularisationTrick
  | DirectionalTrick
  | InputTrick
  | OpponentTrick
  | AdversaryTrick
  | ProxyTrick
  | PartitionTrick;

/** Declares a regularising trick: its functions see the values that its rules allow, by their types. So do those below. */
export const declareRegularisation = <const R extends WeightedRules>(
  trick: RegularisationTrick<R>,
): RegularisationTrick<R> => trick;
export const declareDirectional = <const R extends WeightedRules>(trick: DirectionalTrick<R>): DirectionalTrick<R> =>
  trick;
export const declareProxy = <const R extends OptionRules>(trick: ProxyTrick<R>): ProxyTrick<R> => trick;
export const declareInput = <const R extends WeightedRules>(trick: InputTrick<R>): InputTrick<R> => trick;
export const declareAdversary = <const R extends OptionRules>(trick: AdversaryTrick<R>): AdversaryTrick<R> => trick;
export const declarePartition = <const R extends OptionRules>(trick: PartitionTrick<R>): PartitionTrick<R> => trick;
export const declareOpponent = <const R extends WeightedRules>(trick: OpponentTrick<R>): OpponentTrick<R> => trick;
export const declareDenoising = <const R extends DenoisingRules>(trick: DenoisingTrick<R>): DenoisingTrick<R> => trick;
