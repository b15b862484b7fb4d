import type { Executor } from "./executor.ts";
import { oracle } from "./oracle.ts";

let current: Executor | undefined;

/** The executor used where none is named. */
export function defaultExecutor(): Executor {
  current ??= oracle("wasm");
  return current;
}

/** Replaces the default executor for everything compiled and first called from now on. */
export function useExecutor(executor: Executor): void {
  current = executor;
}
