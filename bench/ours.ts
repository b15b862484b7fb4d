/** How the cases reach the engine: as a condensation does. */
export { mapGroups as perGroup, mapSamples as perSample, sumOverSamples as chunkedSum } from "../src/engine/index.ts";
