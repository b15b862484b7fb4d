import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { AttarError } from "../engine/errors.ts";
import { guarding, refusal } from "./guard.ts";

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  wasm: "application/wasm",
  txt: "text/plain; charset=utf-8",
};

/** A server that answers until it is closed. */
export interface StudioServer {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the studio's page to this machine alone.
 *
 * @param site the folder of the built page; what it holds when the server starts is all that can be asked for
 * @param port 0 for any that is free
 * @throws AttarError "absent-file" where the page was not built, "busy" where the port is taken
 */
export async function serveStudio(site: string, port: number): Promise<StudioServer> {
  if (!existsSync(join(site, "index.html")))
    throw new AttarError("absent-file", "the studio's page is not built", "npm run build:studio", 1);
  const files = filesOf(site);
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split(/[?#]/, 1)[0]!;
    const { method = "GET" } = request;
    const { port: own } = server.address() as AddressInfo;
    const refused = refusal({ method, path, host: request.headers.host }, own);
    if (refused) return plain(response, refused.status, refused.reason);
    const file = files.get(path === "/" ? "/index.html" : path);
    if (!file) return plain(response, 404, "there is no such file");
    const type = types[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    response.writeHead(200, { ...guarding, "content-type": type, "content-length": statSync(file).size });
    if (method === "HEAD") return response.end();
    // A reader that goes away ends its answer, and nothing else.
    pipeline(createReadStream(file), response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new AttarError("busy", `port ${port} is taken`, "attar studio --port 0 takes any that is free", 1)
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...guarding, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

/** The files below a folder by the path of an address; links are not followed. */
function filesOf(site: string): ReadonlyMap<string, string> {
  const found = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    found.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [`/${relative(site, file).split(sep).join("/")}`, file];
    }),
  );
}
