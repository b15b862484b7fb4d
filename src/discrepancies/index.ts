import type { Array as Traced } from "@jax-js/jax";
import { AttarError } from "../engine/index.ts";
import { squaredMeanDifference } from "./squaredMeanDifference.ts";

/** A distance between two statistics of equal shape: a scalar, zero where they are equal. Consumes both. */
export type Distance = (synthetic: Traced, real: Traced) => Traced;

const distances: Readonly<Record<string, Distance>> = {
  "squared-mean-difference": squaredMeanDifference,
};

/** The distance a method's declaration names. @throws AttarError "unknown-discrepancy" */
export function distanceNamed(name: string): Distance {
  const found = Object.hasOwn(distances, name) ? distances[name] : undefined;
  if (found) return found;
  throw new AttarError(
    "unknown-discrepancy",
    `there is no distance between statistics named "${name}"`,
    `use one of ${Object.keys(distances).join(", ")}`,
  );
}

export { squaredMeanDifference };
