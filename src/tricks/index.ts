import { registry } from "../engine/index.ts";
import { kmeans } from "./efficiency/kmeans.ts";
import { partition } from "./efficiency/partition.ts";
import { precompression } from "./efficiency/precompression.ts";
import { denoising } from "./generative/denoising.ts";
import { critic } from "./opponents/critic.ts";
import { unlikeness } from "./opponents/unlikeness.ts";
import { classification } from "./regularisation/classification.ts";
import { contrastive } from "./regularisation/contrastive.ts";
import { cosine } from "./regularisation/cosine.ts";
import { discrimination } from "./regularisation/discrimination.ts";
import { diversity } from "./regularisation/diversity.ts";
import { inter } from "./regularisation/inter.ts";
import { intra } from "./regularisation/intra.ts";
import { lossCurvature } from "./regularisation/lossCurvature.ts";
import { pair } from "./regularisation/pair.ts";
import { representative } from "./regularisation/representative.ts";
import { subspaceProjection } from "./regularisation/subspaceProjection.ts";
import { adversarial } from "./robustness/adversarial.ts";
import { inputCurvature } from "./robustness/inputCurvature.ts";
import type { Trick } from "./trick.ts";

/** Every trick beside augmentation, by the name declarations and `--set tricks.<name>=…` use. */
export const tricks = {
  classification,
  intra,
  inter,
  representative,
  diversity,
  pair,
  contrastive,
  cosine,
  discrimination,
  "loss-curvature": lossCurvature,
  "subspace-projection": subspaceProjection,
  "input-curvature": inputCurvature,
  unlikeness,
  critic,
  denoising,
  adversarial,
  kmeans,
  precompression,
  partition,
} satisfies Record<string, Trick>;

export type TrickName = keyof typeof tricks;

/** The tricks as a registry; augmentation is a setting beside them, by a name of its own. */
export const trickRegistry = registry("trick", tricks, { beside: ["augmentation"] });

/** The trick a declaration or a setting names. @throws AttarError "unknown-trick" */
export const trickNamed = (name: string): Trick => trickRegistry.named(name);

export * from "./augmentation/index.ts";
export { diversityOf, representativeOf } from "./generative/memoryTerms.ts";
export { curvatureGap, headHessianProduct } from "./regularisation/curvatureGap.ts";
export type {
  AdversaryTrick,
  AnyTrick,
  CurvatureRequest,
  DenoisingTrick,
  DirectionalSides,
  DirectionalTrick,
  DirectionRequest,
  InputTrick,
  MethodTraits,
  Opponent,
  OpponentTrick,
  PartitionTrick,
  ProxyContext,
  ProxyTrick,
  RealProxy,
  RegularisationTrick,
  RegularisedSides,
  StepAttack,
  Trick,
  WeightedRules,
} from "./trick.ts";
