import { decodeMessage, encodeMessage } from "../../src/studio/codec.ts";
import type { Line } from "../../src/studio/line.ts";

/**
 * A line to the engine of the server that the page came from.
 *
 * @param token what the server's address held
 * @throws Error where the server does not take it, or is gone
 */
export async function socketLine(token: string, onClose: () => void): Promise<Line> {
  const socket = new WebSocket(`ws://${location.host}/line`);
  socket.binaryType = "arraybuffer";
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => socket.send(token);
    socket.onmessage = () => resolve();
    socket.onclose = () =>
      reject(new Error("the server does not know this page: open the address that attar studio prints"));
  });
  const line: Line = { onmessage: null, postMessage: (message) => socket.send(encodeMessage(message)) };
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) =>
    line.onmessage?.(new MessageEvent("message", { data: decodeMessage(new Uint8Array(data)) }));
  socket.onclose = onClose;
  return line;
}
