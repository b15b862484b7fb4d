export { condense, condensedSet, type RunOptions } from "./condense.ts";
export { type CondenseOptions, type Configuration, resolveConfiguration } from "./configuration.ts";
export type { CondenseEvent } from "./events.ts";
export { selectCoreset } from "./select.ts";
export type { State } from "./state.ts";
