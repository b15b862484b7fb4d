import { type ChildProcess, fork } from "node:child_process";
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import type { FromEngine, ToEngine } from "./engineProcess.node.ts";
import { refusal } from "./guard.ts";

/** The most bytes of a message: a folder of images that a person drops. */
const mostBytes = 256 * 2 ** 20;

/** Bytes that wait for a slow reader before pictures are left out. */
const mostWaiting = 4 * 2 ** 20;

/** Milliseconds within which a socket must say its token. */
const tokenWithin = 2000;

export interface Sockets {
  close(): Promise<void>;
}

/**
 * Sockets of pages to one engine, which computes in a process of its own. A socket is taken from a page of this server alone: by its
 * host, its origin, and the token that its first message must be.
 *
 * @param token what the address that was printed holds
 * @param words of the engine's process: the folder of runs, and threads
 */
export function socketsOf(server: Server, port: () => number, token: string, words: readonly string[]): Sockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBytes, perMessageDeflate: false });
  const tabs = new Map<number, WebSocket>();
  let engine: ChildProcess | undefined;
  let count = 0;

  const running = (): ChildProcess => {
    if (engine?.connected) return engine;
    const file = `engineProcess.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`;
    engine = fork(fileURLToPath(new URL(file, import.meta.url)), words, { serialization: "advanced" });
    engine.on("message", ({ tab, bytes, droppable }: FromEngine) => {
      const socket = tabs.get(tab);
      if (socket && !(droppable && socket.bufferedAmount > mostWaiting)) socket.send(bytes);
    });
    // Whoever watched must know: pages open their line anew.
    engine.on("exit", () => {
      for (const socket of tabs.values()) socket.close(1012, "the engine ended");
    });
    return engine;
  };
  const tell = (message: ToEngine) => running().send(message);

  const taken = (socket: WebSocket) => {
    const tab = ++count;
    const late = setTimeout(() => socket.close(1008, "no token"), tokenWithin);
    let known = false;
    socket.on("message", (data: Buffer, isBinary) => {
      if (!known) {
        clearTimeout(late);
        if (isBinary || !sameText(data.toString(), token)) return socket.close(1008, "wrong token");
        known = true;
        tabs.set(tab, socket);
        return socket.send("welcome");
      }
      if (isBinary) tell({ tab, bytes: new Uint8Array(data) });
    });
    socket.on("close", () => {
      clearTimeout(late);
      // A farewell starts no engine: that of a server which is closing has let go of its line already.
      if (tabs.delete(tab) && engine?.connected) engine.send({ tab, gone: true } satisfies ToEngine);
    });
    socket.on("error", () => socket.terminate());
  };

  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const { host, origin } = request.headers;
    const foreign = refusal({ method: "GET", path: "", host }, port()) || origin !== `http://${host}`;
    if (foreign || request.url !== "/line") return stream.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
    sockets.handleUpgrade(request, stream, head, taken);
  });

  return {
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      const own = engine;
      if (!own?.connected) return;
      await new Promise<void>((resolve) => {
        own.once("exit", () => resolve());
        own.disconnect();
      });
    },
  };
}

/** Compares in a time that says nothing of where two texts differ. */
function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
