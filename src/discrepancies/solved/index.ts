import { AttarError, nearest } from "../../engine/index.ts";
import type { CriterionKind, Reads } from "./criterion.ts";
import { parameterDistance } from "./parameterDistance.ts";
import { regressionLoss } from "./regressionLoss.ts";
import { targetLoss } from "./targetLoss.ts";

const ofOutputs = { "target-loss": targetLoss, "regression-loss": regressionLoss } satisfies Record<
  string,
  CriterionKind<"outputs">
>;

const ofParameters = { "parameter-distance": parameterDistance } satisfies Record<string, CriterionKind<"parameters">>;

/** Every criterion of a bilevel method, by the name declarations use. */
export const criteria = { ...ofOutputs, ...ofParameters };

export type CriterionName = keyof typeof criteria;

/** Names of the criteria that read outputs, or parameters. */
export type CriteriaOf<R extends Reads> = R extends "outputs" ? keyof typeof ofOutputs : keyof typeof ofParameters;

/** The criterion a declaration names. @throws AttarError "unknown-criterion" */
export function criterionNamed(name: string): CriterionKind {
  if (Object.hasOwn(criteria, name)) return criteria[name as CriterionName];
  const names = Object.keys(criteria);
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-criterion",
    `there is no criterion named "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${names.join(", ")}`,
  );
}

export type { CriterionKind, OutputsCriterion, ParametersCriterion, Reads } from "./criterion.ts";
