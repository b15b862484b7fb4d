import { cacheSized, cardSized, type Executor } from "./executor.ts";
import type { LaneReply, StartLane } from "./lane.ts";
import { laneSource } from "./laneSource.ts";
import { LaneSession, Lanes } from "./lanes.ts";
import { type OnnxBackend, onnxExecutor } from "./onnx.ts";

export interface WebOptions {
  /** Threads in all; defaults to the machine's cores, at most 8. One run uses several only in a cross-origin isolated page. */
  threads?: number;
  /**
   * The address at which the page's server keeps the files of `onnxruntime-web/dist`: an address, absolute or relative to
   * the page. Defaults to `onnxruntime-web/` beside the page. Nothing is fetched before the first compiled function runs.
   */
  wasmPaths?: string;
  /** `wasm` (the default) computes on the CPU, `webgpu` on the graphics card, in one session at a time. */
  provider?: "wasm" | "webgpu";
}

/** The script of ONNX Runtime that holds each provider. */
const scripts = { wasm: "ort.wasm.min.mjs", webgpu: "ort.webgpu.min.mjs" } as const;

/**
 * ONNX Runtime's WebAssembly build in workers: the page stays responsive while it computes. Works in a page and in a
 * worker. Sums over samples and groups are shared out over single-threaded workers, which need no cross-origin isolation;
 * with it, single runs use all threads too.
 *
 * @example useRuntime(openRuntime({ executor: onnxruntimeWeb({ wasmPaths: "/static/onnxruntime-web/" }) }));
 * @throws AttarError, at the first run, when the files of ONNX Runtime are not at `wasmPaths`.
 */
export function onnxruntimeWeb(options: WebOptions = {}): Executor {
  const provider = options.provider ?? "wasm";
  const threads = options.threads ?? Math.min(8, globalThis.navigator?.hardwareConcurrency ?? 1);
  const lanes = new Lanes(
    threads,
    startWorker(options.wasmPaths ?? "onnxruntime-web/", provider),
    provider === "wasm" ? undefined : 1,
  );
  const backend: OnnxBackend = {
    name: `onnxruntime-web-${provider}`,
    sizes: provider === "wasm" ? cacheSized : cardSized,
    // Neither WebAssembly nor WebGPU has kernels for the blocked layout.
    target: async () => ({ channelBlock: 0 }),
    open: (program, name, outputs) => new LaneSession(lanes, program, name, outputs),
  };
  return {
    ...onnxExecutor(backend),
    threads,
    sessions: () => lanes.sessions,
    warm: () => lanes.warm(),
    end: () => lanes.end(),
  };
}

function startWorker(wasmPaths: string, provider: "wasm" | "webgpu"): StartLane {
  return (intraOpThreads, receive, fail) => {
    const folder = new URL(
      wasmPaths.endsWith("/") ? wasmPaths : `${wasmPaths}/`,
      globalThis.document?.baseURI ?? globalThis.location.href,
    ).href;
    const settings = {
      folder,
      script: folder + scripts[provider],
      threads: globalThis.crossOriginIsolated ? intraOpThreads : 1,
      providers: provider === "webgpu" ? ["webgpu", "wasm"] : ["wasm"],
    };
    const source = `const settings = ${JSON.stringify(settings)};\n${preamble}\n${laneSource}\n${opening}`;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address, { type: "module", name: "attar-onnxruntime" });
    worker.addEventListener("message", (event: MessageEvent<LaneReply>) => {
      URL.revokeObjectURL(address);
      receive(event.data);
    });
    worker.addEventListener("error", (event) => fail(new Error(event.message || "the execution worker did not start")));
    return { post: (message, transfer) => worker.postMessage(message, { transfer }), end: () => worker.terminate() };
  };
}

const preamble = `
const help = "npm install onnxruntime-web, and serve the files of its folder dist there, or name their place: useRuntime(openRuntime({ executor: onnxruntimeWeb({ wasmPaths }) }))";
const missing = (address, error) =>
  Object.assign(new Error("it could not be loaded from " + address + " (" + error.message + ")"), { hint: help });
const load = async () => {
  const ort = await import(settings.script).catch((error) => { throw missing(settings.script, error); });
  ort.env.wasm.wasmPaths = settings.folder;
  ort.env.wasm.numThreads = settings.threads;
  ort.env.logLevel = "error";
  const create = async (model, options) => {
    try {
      return await ort.InferenceSession.create(model, options);
    } catch (error) {
      throw /no available backend/.test(error.message) ? missing(settings.folder, error) : error;
    }
  };
  return {
    ort: { Tensor: ort.Tensor, InferenceSession: { create } },
    options: { executionProviders: settings.providers, graphOptimizationLevel: "basic", logSeverityLevel: 3 },
  };
};
const send = (message, transfer) => postMessage(message, { transfer });
const ready = load();
ready.catch(() => {});
`;

const opening = "onmessage = (event) => receive(event.data);";
