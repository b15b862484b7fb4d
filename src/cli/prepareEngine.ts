import type { Array as Traced } from "@jax-js/jax";
import type { NodeProvider } from "../engine/executors/onnxruntime.node.ts";
import { AttarError, compile, openRuntime, tensor, useRuntime } from "../engine/index.ts";

const devices = ["auto", "cpu", "webgpu", "cuda"] as const;

/** ONNX Runtime's provider for `--device`. @throws AttarError "unknown-device" */
export function providerOf(device: string): NodeProvider {
  const found = devices.find((known) => known === device);
  if (!found) throw new AttarError("unknown-device", `unknown device "${device}"`, `use ${devices.join(", ")}`);
  return found === "auto" ? "cpu" : found;
}

/**
 * Sets up what commands that compute need: the process's runtime with its device and threads.
 *
 * @param device `auto` and `cpu` are the CPU; `webgpu` and `cuda` ONNX Runtime's providers of these names
 * @param threads CPU threads; all where undefined
 * @throws AttarError "unknown-device"
 */
export async function prepareEngine(device = "auto", threads?: number): Promise<void> {
  const provider = providerOf(device);
  if (threads === undefined && provider === "cpu") return;
  const { onnxruntimeNode } = await import("../engine/executors/onnxruntime.node.ts");
  useRuntime(openRuntime({ executor: onnxruntimeNode({ threads, provider }) }));
  // A card that is not there is found out before a run folder is made.
  if (provider !== "cpu") await compile((x: Traced) => x.add(1), { name: `--device ${provider}` })(tensor([0]));
}
