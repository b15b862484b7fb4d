import { onnxruntimeWeb } from "../src/engine/executors/onnxruntimeWeb.ts";
import { openRuntime, useRuntime } from "../src/engine/index.ts";
import { Host } from "../src/studio/host.ts";
import type { Line } from "../src/studio/line.ts";
import { memoryFiles } from "../src/studio/memoryFiles.ts";
import { originFiles } from "../src/studio/originFiles.ts";
import { pagePlace } from "../src/studio/pagePlace.ts";
import { serveOn } from "../src/studio/serve.ts";

declare const self: Line;
/** Versions of what computes, which the build knows. */
declare const attarVersions: Readonly<Record<string, string>>;

const address = new URL(globalThis.location.href);
/** The graphics card where the page found one that WebGPU can use, the CPU anywhere else. */
const provider = address.searchParams.get("provider") === "webgpu" ? "webgpu" : "wasm";
const wasmPaths = new URL("onnxruntime-web/", address).href;
const runtime = openRuntime({ executor: onnxruntimeWeb({ wasmPaths, provider }) });
useRuntime(runtime);
const files = originFiles().then((found) => found ?? memoryFiles());
const device = `${navigator.userAgent.match(/(Chrome|Firefox|Safari)\/[\d.]+/)?.[0] ?? "a browser"}, ${provider}`;
serveOn(self, new Host(runtime, pagePlace({ files, versions: attarVersions, device })));
