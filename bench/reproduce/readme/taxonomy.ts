import { describe, isCoreset, methods } from "../../../src/methods/index.ts";
import { tableText } from "./sections.ts";

/** Every listed method: what it is and where it lies on the axes. */
export function taxonomyTable(): string {
  return tableText(
    ["method", "what it is", "what it compares", "hypotheses", "tricks"],
    methods.map((method) => {
      const { name, title, discrepancy, matchingSpace, hypotheses, tricks } = describe(method);
      if (isCoreset(method)) return [`\`${name}\``, title, "chooses real images", "", ""];
      return [`\`${name}\``, title, `${discrepancy} of ${matchingSpace}`, hypotheses, tricks.join(", ")];
    }),
  );
}
