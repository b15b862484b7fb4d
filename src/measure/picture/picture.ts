import type { Sides } from "../measure.ts";
import type { Measurement } from "../measurement.ts";

export function picture(_found: Measurement, _sides: Sides): string {
  return "";
}
