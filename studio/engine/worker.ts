import { onnxruntimeWeb } from "../../src/engine/executors/onnxruntimeWeb.ts";
import { openRuntime, useRuntime } from "../../src/engine/index.ts";
import type { Line } from "../api/local.ts";
import { Host } from "./host.ts";
import { serveOn } from "./serve.ts";

declare const self: Line;

const runtime = openRuntime({
  executor: onnxruntimeWeb({ wasmPaths: new URL("onnxruntime-web/", globalThis.location.href).href }),
});
useRuntime(runtime);
serveOn(self, new Host(runtime));
