import type { NumericTensor } from "../../data/formats/npy.ts";
import { AttarError, type Tensor } from "../../engine/index.ts";
import type { Fitted } from "../../hypotheses/index.ts";

/**
 * An encoder g_e: ℝⁿ → ℝᵐ, and its decoder g_d: ℝᵐ → ℝⁿ where it has one (§4). Both map each sample by itself, so that
 * encoding a dataset's points gives the points of the push-forward measure g_e#μ.
 */
export interface Encoder {
  /** The name on the command line: "pca:50", "network:trained,layer=2". */
  readonly name: string;
  /** The way it came about, for a person. */
  readonly description: string;
  /** [channels, height, width] of what it reads. */
  readonly input: readonly [number, number, number];
  /** m, the length of a code. */
  readonly dimension: number;
  /** g_e: [n, C, H, W] → [n, m]. */
  encode(images: Tensor): Promise<Tensor>;
  /** g_d: [n, m] → [n, C, H, W]. */
  readonly decode?: (codes: Tensor) => Promise<Tensor>;
  /** The contents of its file: `encoderFrom` makes the same encoder of them. */
  readonly saved: SavedEncoder;
}

/** An encoder as tensors and metadata. */
export interface SavedEncoder {
  readonly tensors: Readonly<Record<string, NumericTensor>>;
  /** `kind` names the maker, `input` is JSON; the rest is the maker's. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The data that an encoder is fitted to: images [n, C, H, W] in the training normalisation, their classes, and the set's name. */
export interface FittingSet {
  readonly name: string;
  readonly images: Tensor;
  readonly labels: Int32Array;
  readonly classes: readonly string[];
}

/** An encoder's training under way: the passes that were made, and the state after them. */
export interface FitProgress {
  readonly passes: number;
  readonly state: Fitted;
}

/** The circumstances of a fit. */
export interface FitOptions {
  readonly signal?: AbortSignal;
  /** Continues from there; the encoder is that of a fit that never stopped. */
  readonly from?: FitProgress;
  /** Called after every pass with what is there and the pass's mean loss, and awaited. Principal components have no passes. */
  readonly onPass?: (progress: FitProgress, loss: number) => unknown;
}

/** @throws AttarError "wrong-shape" unless `images` are [n, ...encoder.input] */
export function checkImages({ name, input }: Pick<Encoder, "name" | "input">, images: Tensor): void {
  if (images.shape.length === 4 && input.every((d, i) => d === images.shape[1 + i])) return;
  throw new AttarError(
    "wrong-shape",
    `encoder ${name} reads ${input.join("x")} images, these are ${images.shape.slice(1).join("x")}`,
    "choose an encoder fitted to images of this size",
  );
}

/** @throws AttarError "wrong-shape" unless `codes` are [n, encoder.dimension] */
export function checkCodes({ name, dimension }: Pick<Encoder, "name" | "dimension">, codes: Tensor): void {
  if (codes.shape.length === 2 && codes.shape[1] === dimension) return;
  throw new AttarError(
    "wrong-shape",
    `codes of encoder ${name} have length ${dimension}, these have shape [${codes.shape.slice(1)}]`,
    "decode them with the encoder they were made with",
  );
}

export const shapeOf = ({ images }: FittingSet) => images.shape.slice(1) as [number, number, number];
