import type { Discrepancy } from "../discrepancy.ts";
import { checkClasses, checkMeasures } from "./checkMeasures.ts";
import { checkSettings } from "./settings.ts";

/** A discrepancy that refuses measures and settings it cannot take before it computes anything. */
export function defineDiscrepancy(record: Discrepancy): Discrepancy {
  return {
    ...record,
    async measure(a, b, context) {
      checkSettings(record.name, record.settings, context.settings);
      checkMeasures(a, b);
      if (record.labelAware) checkClasses(a, b);
      context.signal?.throwIfAborted();
      return record.measure(a, b, context);
    },
  };
}
