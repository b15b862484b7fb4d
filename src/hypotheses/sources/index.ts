import { AttarError, nearest } from "../../engine/index.ts";
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

/** The source a declaration names. @throws AttarError "unknown-hypotheses" */
export function sourceNamed(name: string): SourceKind {
  if (Object.hasOwn(sources, name)) return sources[name as SourceName];
  const names = Object.keys(sources);
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-hypotheses",
    `there is no source of hypotheses named "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${names.join(", ")}`,
  );
}

export { flattenState, gatherState } from "./keptState.ts";
export type { Feed, Hypothesis, HypothesisSource, Kept, Position, SourceKind } from "./source.ts";
