import { AttarError, nearest } from "../engine/index.ts";
import { kmeans } from "./efficiency/kmeans.ts";
import { partition } from "./efficiency/partition.ts";
import { precompression } from "./efficiency/precompression.ts";
import { classification } from "./regularisation/classification.ts";
import { contrastive } from "./regularisation/contrastive.ts";
import { cosine } from "./regularisation/cosine.ts";
import { discrimination } from "./regularisation/discrimination.ts";
import { diversity } from "./regularisation/diversity.ts";
import { inter } from "./regularisation/inter.ts";
import { intra } from "./regularisation/intra.ts";
import { lossCurvature } from "./regularisation/lossCurvature.ts";
import { representative } from "./regularisation/representative.ts";
import { subspaceProjection } from "./regularisation/subspaceProjection.ts";
import type { Trick } from "./trick.ts";

/** Every trick beside augmentation, by the name declarations and `--set tricks.<name>=…` use. */
export const tricks = {
  classification,
  intra,
  inter,
  representative,
  diversity,
  contrastive,
  cosine,
  discrimination,
  "loss-curvature": lossCurvature,
  "subspace-projection": subspaceProjection,
  kmeans,
  precompression,
  partition,
} satisfies Record<string, Trick>;

export type TrickName = keyof typeof tricks;

/** The trick a declaration or a setting names. @throws AttarError "unknown-trick" */
export function trickNamed(name: string): Trick {
  if (Object.hasOwn(tricks, name)) return tricks[name as TrickName];
  const names = ["augmentation", ...Object.keys(tricks)];
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-trick",
    `there is no trick named "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${names.join(", ")}`,
  );
}

export * from "./augmentation/index.ts";
export type {
  CurvatureRequest,
  DirectionalSides,
  DirectionalTrick,
  DirectionRequest,
  MethodTraits,
  PartitionTrick,
  ProxyContext,
  ProxyTrick,
  RealProxy,
  RegularisationTrick,
  RegularisedSides,
  Trick,
} from "./trick.ts";
