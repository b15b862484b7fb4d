import type { NetworkSpec, Params } from "../network.ts";
import type { Recipe } from "../training/recipe.ts";
import type { ExpertRequest } from "./experts.ts";

/** A pool of networks trained on T. */
export interface Teachers {
  /** One of them as it was after an epoch, counted from 0; `accuracy` is the share of its images that it then had right. */
  at(member: number, epoch: number): Promise<{ readonly params: Params; readonly accuracy: number }>;
  /** Frees what they are trained with; parameters that were handed out stay. */
  dispose?(): void;
}

/** Teachers that a source of hypotheses asks for. */
export interface TeacherRequest {
  readonly network: NetworkSpec;
  readonly count: number;
  /** Random images of T, others for each; all of T where there are no more. */
  readonly images: number;
  readonly recipe: Recipe;
  /** True where training is augmented, as matching is, which replaces the recipe's augmentation. */
  readonly augmented: boolean;
  /** True where they are kept as they were after every epoch, false where after the last one alone. */
  readonly everyEpoch: boolean;
}

/** Networks trained on T before a run that a source of hypotheses draws from, by their kind. */
export type TrainedRequest =
  | { readonly experts: ExpertRequest; readonly teachers?: undefined }
  | { readonly teachers: TeacherRequest; readonly experts?: undefined };
