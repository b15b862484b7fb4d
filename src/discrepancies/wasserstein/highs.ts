import type { Highs, InitOptions } from "highs";

let loading: Promise<Highs> | undefined;

/** HiGHS, loaded at its first use: three megabytes of WebAssembly that nobody else pays for. */
export function loadHighs(): Promise<Highs> {
  // Its types describe the CommonJS build, whose default export is one level deeper.
  loading ??= import("highs").then((module) => {
    const { default: load } = module as unknown as { default: (options?: InitOptions) => Promise<Highs> };
    return load();
  });
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}
