import { openRuntime, useRuntime } from "../engine/index.ts";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { folderPlace } from "./folderPlace.node.ts";
import { Host } from "./host.ts";
import type { Line } from "./line.ts";
import { serveOn } from "./serve.ts";

/**
 * The process in which the studio's engine computes: a child of the server, which passes on what tabs say. It outlives every tab.
 * Its words: the folder of runs, and the number of threads or nothing.
 */
export type ToEngine =
  | { readonly tab: number; readonly bytes: Uint8Array }
  | { readonly tab: number; readonly gone: true };
export interface FromEngine {
  readonly tab: number;
  readonly bytes: Uint8Array;
  /** True of pictures, of which a slow reader needs the newest alone. */
  readonly droppable: boolean;
}

const [root = "runs", threads] = process.argv.slice(2);
const runtime = openRuntime({ ...(threads && { threads: Number(threads) }) });
useRuntime(runtime);
const host = new Host(runtime, folderPlace(root));

interface Tab {
  readonly line: Line;
  readonly end: () => void;
}
const tabs = new Map<number, Tab>();

const opened = (tab: number): Tab => {
  const line: Line = {
    onmessage: null,
    postMessage: (message) => {
      const isFrame = typeof message === "object" && message !== null && "event" in message;
      const droppable = isFrame && (message.event as { type?: string }).type === "frame";
      process.send?.({ tab, bytes: encodeMessage(message), droppable } satisfies FromEngine);
    },
  };
  return { line, end: serveOn(line, host) };
};

process.on("message", (message: ToEngine) => {
  const { tab } = message;
  if ("gone" in message) {
    tabs.get(tab)?.end();
    tabs.delete(tab);
    return;
  }
  const own = tabs.get(tab) ?? opened(tab);
  tabs.set(tab, own);
  try {
    own.line.onmessage?.(new MessageEvent("message", { data: decodeMessage(message.bytes) }));
  } catch {
    // What is no message is passed over, as what is no call is.
  }
});
// The server is gone: its engine ends after the step under way, which is kept.
process.on("disconnect", () => {
  host.end();
  setTimeout(() => process.exit(0), 60_000).unref();
});
