import type { Executor } from "./executor.ts";

/** ONNX Runtime for this platform: its native build in Node, its WebAssembly build elsewhere. */
export async function platformExecutor(threads?: number): Promise<Executor> {
  const node = typeof process !== "undefined" && Boolean(process.versions?.node);
  if (node) {
    // Bundlers for the browser must not follow the path of the native build: it is put together at run time.
    const file = `onnxruntime.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;
    const native: typeof import("./onnxruntime.node.ts") = await import(
      /* @vite-ignore */ new URL(file, import.meta.url).href
    );
    return native.onnxruntimeNode({ threads });
  }
  const { onnxruntimeWeb } = await import("./onnxruntimeWeb.ts");
  return onnxruntimeWeb({ threads });
}
