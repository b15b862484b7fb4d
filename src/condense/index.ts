export { selectCoreset } from "../synthetic/index.ts";
export { condense, type RunOptions } from "./condense.ts";
export { type CondenseOptions, type Configuration, resolveConfiguration } from "./configuration.ts";
export { type Estimate, estimate } from "./estimate.ts";
export type { CondenseEvent } from "./events.ts";
export type { ExpertOrder, ExpertSource } from "./experts/expertSource.ts";
export { smallClassNotes } from "./notes.ts";
export { settingHeads } from "./settingHeads.ts";
export type { State } from "./state.ts";
