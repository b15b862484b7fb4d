import { registry } from "../../engine/index.ts";
import { alternating } from "./alternating.ts";
import { dynamic } from "./dynamic.ts";
import { expertSubspace } from "./expertSubspace.ts";
import { experts } from "./experts.ts";
import { fresh } from "./fresh.ts";
import { none } from "./none.ts";
import { pretrained } from "./pretrained.ts";
import { queue } from "./queue.ts";
import type { SourceKind } from "./source.ts";
import { syntheticPool } from "./syntheticPool.ts";

/** Every source of hypotheses, by the name declarations use. */
export const sources = {
  fresh,
  alternating,
  dynamic,
  queue,
  pretrained,
  "expert-subspace": expertSubspace,
  experts,
  "synthetic-pool": syntheticPool,
  none,
} satisfies Record<string, SourceKind>;

export type SourceName = keyof typeof sources;

/** The sources as a registry. */
export const sourceRegistry = registry("source of hypotheses", sources, { code: "unknown-hypotheses" });

/** The source a declaration names. @throws AttarError "unknown-hypotheses" */
export const sourceNamed = (name: string): SourceKind => sourceRegistry.named(name);

export { flattenState, gatherState } from "./keptState.ts";
export type { Feed, Hypothesis, HypothesisSource, Kept, Position, SourceKind } from "./source.ts";
