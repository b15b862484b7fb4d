import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};

export interface PageServer {
  origin: string;
  /** Paths asked for, in order. */
  requests: string[];
  close(): Promise<void>;
}

/** Serves an empty page, its bundle, and ONNX Runtime's files; `isolated` sends the two headers that allow shared memory. */
export async function serve(bundle: string, runtimeFolder: URL, isolated: boolean): Promise<PageServer> {
  const requests: string[] = [];
  const html = `<!doctype html><title>attar</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`;
  const content = async (path: string): Promise<string | Uint8Array | undefined> => {
    if (path === "/index.html") return html;
    if (path === "/page.js") return bundle;
    const file = /^\/onnxruntime-web\/([\w.-]+)$/.exec(path)?.[1];
    return file === undefined ? undefined : readFile(new URL(file, runtimeFolder)).catch(() => undefined);
  };
  const server: Server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    requests.push(path);
    const body = await content(path);
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": types[path.split(".").pop() ?? ""] ?? "text/plain",
      ...(isolated && {
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
