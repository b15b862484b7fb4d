import { chunkFile } from "../engine/chunkFile.node.ts";
import { AttarError, useChunkStore, useExecutor } from "../engine/index.ts";

/**
 * Sets up what commands that compute need: where measured chunk sizes are kept, and the executor's threads.
 *
 * @param threads CPU threads; all where undefined
 * @throws AttarError "unknown-device"
 */
export async function prepareEngine(device = "auto", threads?: number): Promise<void> {
  if (!["auto", "cpu"].includes(device))
    throw new AttarError("unknown-device", `unknown device "${device}"`, "use auto or cpu");
  useChunkStore(chunkFile());
  if (threads === undefined) return;
  const { onnxruntimeNode } = await import("../engine/executors/onnxruntime.node.ts");
  useExecutor(onnxruntimeNode({ threads }));
}
