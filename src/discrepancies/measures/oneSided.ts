import type { Estimate } from "../discrepancy.ts";

type Reading = Pick<Estimate, "value" | "stderr">;

/** A reading that bounds what it is a reading of from one side. How far off it is is not known; the error of sampling is kept. */
export function oneSided({ value, stderr }: Reading, bound: "lower" | "upper"): Reading & Pick<Estimate, "bound"> {
  return { value, stderr: stderr > 0 ? stderr : Number.NaN, bound };
}

/** A standard error for comparing values with: 0 where it is not known. */
export const knownError = (stderr: number): number => (Number.isNaN(stderr) ? 0 : stderr);
