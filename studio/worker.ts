import { onnxruntimeWeb } from "../src/engine/executors/onnxruntimeWeb.ts";
import { openRuntime, useRuntime } from "../src/engine/index.ts";
import { Host } from "../src/studio/host.ts";
import type { Line } from "../src/studio/line.ts";
import { pagePlace } from "../src/studio/pagePlace.ts";
import { serveOn } from "../src/studio/serve.ts";

declare const self: Line;

const runtime = openRuntime({
  executor: onnxruntimeWeb({ wasmPaths: new URL("onnxruntime-web/", globalThis.location.href).href }),
});
useRuntime(runtime);
serveOn(self, new Host(runtime, pagePlace()));
