import type { RunPushForward } from "../condense/index.ts";
import { counted, figure } from "./numbers.ts";

/** What the way into codes loses on T, as rows of a run's summary (§4). */
export function pushForwardRows(found: RunPushForward | undefined): [string, string][] {
  if (!found) return [];
  const { generator, claims, injectivity, reconstruction } = found;
  const { collisions, pairs, contraction } = injectivity;
  return [
    [
      "g_e",
      `${generator}: ${counted(collisions, "collision")} in ${pairs.toLocaleString("en")} pairs of T, contraction ${figure(contraction, 2)}`,
    ],
    [
      "g_d(g_e)",
      `error ${figure(reconstruction.error, 2)} on ${reconstruction.samples.toLocaleString("en")} samples of T, at worst ${figure(reconstruction.worst, 2)}`,
    ],
    ["g_d", `injective: ${claims.injective}; surjective: ${claims.surjective}`],
  ];
}
