import type { Executor } from "./executor.ts";

let current: Executor | undefined;

/** ONNX Runtime for this platform, loaded at the first compilation. */
const platform: Executor = {
  name: "platform",
  async load(traceable) {
    current = await platformExecutor();
    return current.load(traceable);
  },
};

/** The executor used where none is named: ONNX Runtime's native build in Node, its WebAssembly build elsewhere. */
export function defaultExecutor(): Executor {
  return current ?? platform;
}

/** Replaces the default executor for everything first called from now on. */
export function useExecutor(executor: Executor): void {
  current = executor;
}

async function platformExecutor(): Promise<Executor> {
  if (current) return current;
  const node = typeof process !== "undefined" && Boolean(process.versions?.node);
  // Bundlers for the browser must not follow the path of the native build.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  if (node) {
    const native = (await import(
      /* @vite-ignore */ `./onnxruntime.node.${extension}`
    )) as typeof import("./onnxruntime.node.ts");
    return native.onnxruntimeNode();
  }
  throw new Error("no executor is set: call useExecutor() with one for this platform first");
}
