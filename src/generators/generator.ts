import type { Array as Traced } from "@jax-js/jax";
import type { Normalisation } from "../data/dataset.ts";
import type {
  Cited,
  DomainKind,
  OptionRules,
  OptionValues,
  RandomKey,
  Resolved,
  Serving,
  Tensor,
} from "../engine/index.ts";
import type { Params, ShapeTable, TracedParams } from "../hypotheses/index.ts";
import type { CodePart, Codes, TracedCodes } from "./code.ts";
import type { GeneratorRecipe } from "./training/recipe.ts";
import type { GeneratorTraining } from "./training/training.ts";

export type { CodePart, Codes, Prior, TracedCodes } from "./code.ts";

/** A generator by name and options: what configurations, artefacts and results store. JSON-serialisable. */
export interface GeneratorSpec {
  readonly name: string;
  readonly options: OptionValues;
}

/** The data that a generator is made for. */
export interface GeneratorGround {
  /** The name of the data set, for errors. */
  readonly name: string;
  /** [C, H, W] of a sample. */
  readonly shape: readonly [number, number, number];
  /** The kind of its samples. */
  readonly kind: DomainKind;
  /** Classes. */
  readonly classes: number;
  /** The normalisation of the samples that it makes. */
  readonly normalisation: Normalisation;
}

/** What is known of a map between codes and samples (§4), as a sentence each; a claim is that of the formula, not of a training. */
export interface MapFacts {
  /** Whether g_d maps different codes to different samples, and where not. */
  readonly injective: string;
  /** Whether every sample has a code. */
  readonly surjective: string;
}

/**
 * A generator g_d: codes → samples, with its encoder g_e where it has one (§4, A.1), for one shape of samples and number of classes.
 * Pure: parameters are explicit and enter graphs as inputs. Its layers are counted from the code, layer 0; a code of layer l holds
 * all that the layers after it read. Inside a trace its functions consume what they are given (jax-js ownership).
 */
export interface Generator {
  readonly spec: GeneratorSpec;
  /** [C, H, W] of what it makes, in the training normalisation. */
  readonly output: readonly [number, number, number];
  readonly classes: number;
  /** True where a sample of a class can be asked for by the label alone. */
  readonly conditional: boolean;
  /** The deepest layer that a code may enter at; 0 where the code itself is the only one. */
  readonly layers: number;
  /** The shape of each parameter, by layer and name; `prior` among them where one is fitted. */
  readonly shapes: ShapeTable;
  /** Samples that are decoded or encoded at a time at most, where the maps of many would not fit; any number where left out. */
  readonly together?: number;
  /** Layers of parameters that no gradient moves: running moments. None where left out. */
  readonly fixed?: readonly string[];
  readonly facts: MapFacts;
  /** The parts of a code of a layer. @throws AttarError "bad-layer" where there is no such layer */
  parts(layer: number): Readonly<Record<string, CodePart>>;
  /** Names of the layers of parameters that `decode` reads of codes of a layer. */
  reads(layer: number): readonly string[];
  /** Fresh parameters. */
  init(key: RandomKey): Params;
  /** Codes of layer 0 from the prior, one a label. `params` holds at least `drawsFrom`. */
  sample(params: Params, labels: Int32Array, key: RandomKey): Codes;
  /** Names of the layers of parameters that `sample` reads: `prior`, where there is one, if left out. */
  readonly drawsFrom?: readonly string[];
  /** g_d from a layer on: codes of n samples → [n, C, H, W], each sample by itself. `params` holds `reads(layer)` and no more. */
  decode(params: TracedParams, codes: TracedCodes, layer: number): Traced;
  /** The same in stages, where one step comes again and again under other numbers: of a chain of sampling. */
  stages?(layer: number): DecodeStages | undefined;
  /**
   * The codes of a layer that codes of layer 0 lead to, or those of layer 1 where they are styles alone, `ws`. `params` holds `reads(0)` and
   * no more.
   */
  advance(params: TracedParams, codes: TracedCodes, layer: number): TracedCodes;
  /** g_e: [n, C, H, W] and one-hot labels [n, classes] → codes of layer 0. `params` holds `encoder.reads` and no more. */
  readonly encoder?: {
    readonly reads: readonly string[];
    encode(params: TracedParams, images: Traced, labels: Traced): TracedCodes;
    /** The parts of a code of layer 0 that say nothing of the image, for n of them: the noise of a sampling. */
    draws?(n: number, key: RandomKey): Codes;
    /** The codes of a deeper layer that images have of themselves, where those of layer 0 need not be decoded for them. */
    deeper?(codes: Codes, layer: number): Codes | undefined;
  };
  /** The loss that its model of noise goes on learning by, of a diffusion. */
  readonly denoising?: Denoising;
  /** The way that it is trained; absent of one without parameters. */
  readonly training?: GeneratorTraining;
  /** Present of one whose codes are images of another data set: which one, and the same generator learning from them. */
  readonly domain?: {
    readonly name: string;
    /** @param images [n, C, H, W] of the other data set, brought to the shape and normalisation of the samples */
    from(images: Tensor): Generator;
  };
  /** Present of one whose weights were trained elsewhere: what is fitted to T when they are read. */
  readonly imported?: {
    /** Fits the prior to the codes of layer 0 of training samples. */
    fitPrior?(params: Params, codes: Codes, labels: Int32Array): Params;
  };
}

/**
 * g_d as a chain that the host runs: a begin, steps that differ by numbers alone, and an end. One compiled step serves all of them, and of the
 * way back no more is kept than the state before each step. Inside a trace its functions consume what they are given.
 */
export interface DecodeStages {
  /** The numbers of every step, by name. */
  readonly steps: readonly Readonly<Record<string, readonly number[]>>[];
  /** The state before the first step, of parts of a code. */
  readonly begin: { readonly parts: readonly string[]; run(codes: TracedCodes): Traced };
  /** The state after a step. `layers` are those of parameters that it reads. */
  readonly step: {
    readonly layers: readonly string[];
    readonly parts: readonly string[];
    run(params: TracedParams, codes: TracedCodes, state: Traced, numbers: { [name: string]: Traced }): Traced;
  };
  /** Images [n, C, H, W] of the state after the last step. */
  readonly end: { readonly layers: readonly string[]; run(params: TracedParams, state: Traced): Traced };
}

/** The denoising loss of a diffusion model, for trainings of it within a run. */
export interface Denoising {
  /** The layers of parameters that the loss reads: those that encode, and those that it has a gradient in. */
  readonly reads: readonly string[];
  /** Shape of a latent. */
  readonly latent: readonly number[];
  /** Random arrays of n images: times, noises, which labels are dropped. */
  draws(n: number, key: RandomKey): Readonly<Record<string, Tensor>>;
  /**
   * The mean squared error of the noise that is seen in latents of images [n, C, H, W] under one-hot labels; the latents [n, …], without
   * gradient; and what the model takes for them, [n, …]. Consumes what it is given.
   */
  loss(
    params: TracedParams,
    batch: { readonly images: Traced; readonly labels: Traced; readonly draws: { [name: string]: Traced } },
  ): { loss: Traced; latents: Traced; estimates: Traced };
}

/** A kind of generator by its traits; `make` fixes options and data. */
export interface GeneratorKind<R extends OptionRules = OptionRules> extends Cited, Serving {
  readonly title: string;
  readonly reference: string;
  /** What its training minimises, in the notation of the paper. */
  readonly formula: string;
  readonly options: R;
  /** Names of the options that change how a trained model is sampled and nothing of its training: one training serves all their values. */
  readonly sampling?: readonly string[];
  /** True of diffusion models: its generators have `denoising`. */
  readonly denoises?: boolean;
  /** The recipe that its training takes unless told otherwise; `generatorRecipe` where left out. */
  readonly recipe?: GeneratorRecipe;
  /** @throws AttarError "bad-combination" where it does not suit the data */
  make(options: Resolved<R>, ground: GeneratorGround): Generator;
}

/** Declares a kind of generator: `make` sees the values that its rules allow, by their types. */
export const declareGenerator = <const R extends OptionRules>(kind: GeneratorKind<R>): GeneratorKind<R> => kind;
