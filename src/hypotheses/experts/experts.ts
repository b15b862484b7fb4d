import { AttarError, type RandomKey } from "../../engine/index.ts";
import type { NetworkSpec, Params } from "../network.ts";
import type { Recipe } from "../training/recipe.ts";

/** Two states of one expert: where a student starts, and what it is held against (§5.1.3). */
export interface Segment {
  readonly expert: number;
  /** Epochs the expert had trained at the start. */
  readonly epoch: number;
  readonly start: Params;
  readonly target: Params;
}

/** Expert trajectories: parameters of networks trained on T, kept after every epoch. */
export interface Experts {
  readonly network: NetworkSpec;
  /** Experts there are. */
  readonly count: number;
  /** Epochs of every expert; a state for each, and the one before the first. */
  readonly epochs: number;
  /** Parameters of an expert after so many epochs, 0 to `epochs`. */
  at(expert: number, epoch: number): Promise<Params>;
  /** Frees what they are trained with; states that were handed out stay. */
  dispose?(): void;
}

/** Experts that a source of hypotheses asks for. */
export interface ExpertRequest {
  readonly network: NetworkSpec;
  readonly count: number;
  /** Random images of T, the same for all; all of T when left out. */
  readonly images?: number;
  readonly recipe: Recipe;
  /** True where they train with the field's augmentation for the data set, which replaces the recipe's. */
  readonly augmented: boolean;
}

/** The segments that are drawn. */
export interface SegmentRange {
  /** First and last epoch a segment may start at; 0 when the first is left out. */
  readonly earliest?: number;
  readonly latest: number;
  /** Epochs between start and target. */
  readonly span: number;
}

/**
 * Draws a segment: an expert, then a starting epoch, each equally likely. MTT draws starts below max_start_epoch: `latest` is one
 * less.
 *
 * @throws AttarError "short-experts" where no expert trains long enough.
 */
export async function drawSegment(experts: Experts, range: SegmentRange, key: RandomKey): Promise<Segment> {
  const { earliest = 0, latest, span } = range;
  if (!(earliest >= 0 && latest >= earliest && latest + span <= experts.epochs))
    throw new AttarError(
      "short-experts",
      `segments of ${span} epochs that start from ${earliest} to ${latest} do not fit into experts of ${experts.epochs} epochs`,
      `Train experts for ${latest + span} epochs, or start earlier.`,
    );
  const expert = key.fold("expert").integer(experts.count);
  const epoch = earliest + key.fold("epoch").integer(latest - earliest + 1);
  const [start, target] = await Promise.all([experts.at(expert, epoch), experts.at(expert, epoch + span)]);
  return { expert, epoch, start, target };
}
