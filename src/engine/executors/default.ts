import type { Executor } from "./executor.ts";

let current: Executor | undefined;

/** ONNX Runtime for this platform, loaded at the first compilation. */
const platform: Executor = {
  name: "platform",
  load: async (traceable) => (await loadedExecutor()).load(traceable),
};

/** The executor used where none is named: ONNX Runtime's native build in Node, its WebAssembly build elsewhere. */
export function defaultExecutor(): Executor {
  return current ?? platform;
}

/** The same once it is known what this platform has: its name and threads are the ones that compute. */
export async function loadedExecutor(): Promise<Executor> {
  current = await platformExecutor();
  return current;
}

/** Replaces the default executor for everything first called from now on. */
export function useExecutor(executor: Executor): void {
  current = executor;
}

async function platformExecutor(): Promise<Executor> {
  if (current) return current;
  const node = typeof process !== "undefined" && Boolean(process.versions?.node);
  if (node) {
    // Bundlers for the browser must not follow the path of the native build: it is put together at run time.
    const file = `onnxruntime.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;
    const native: typeof import("./onnxruntime.node.ts") = await import(
      /* @vite-ignore */ new URL(file, import.meta.url).href
    );
    return native.onnxruntimeNode();
  }
  const { onnxruntimeWeb } = await import("./onnxruntimeWeb.ts");
  return onnxruntimeWeb();
}
