import { randomBytes } from "node:crypto";
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { AttarError } from "../engine/errors.ts";
import { guarding, refusal } from "./guard.ts";
import { reportHeaders, reportsOf } from "./reports.node.ts";
import { socketsOf } from "./socket.node.ts";

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  wasm: "application/wasm",
  txt: "text/plain; charset=utf-8",
  png: "image/png",
  csv: "text/csv; charset=utf-8",
};

export interface StudioOptions {
  /** 0, where left out: any port that is free. */
  readonly port?: number;
  /** The folder of run folders; without one there is no engine but the page's own. */
  readonly runs?: string;
  /** CPU threads of the engine; the machine's cores where left out. */
  readonly threads?: number;
}

/** A server that answers until it is closed. */
export interface StudioServer {
  readonly address: string;
  /** The part of the address after `#` by which a page is known, where there is an engine. */
  readonly token?: string;
  close(): Promise<void>;
}

/**
 * Serves the studio's page to this machine alone, and an engine to pages that know the token.
 *
 * @param site the folder of the built page; what it holds when the server starts is all that can be asked for
 * @throws AttarError "absent-file" where the page was not built, "busy" where the port is taken
 */
export async function serveStudio(site: string, options: StudioOptions = {}): Promise<StudioServer> {
  const { port = 0, runs, threads } = options;
  if (!existsSync(join(site, "index.html")))
    throw new AttarError("absent-file", "the studio's page is not built", "npm run build:studio", 1);
  const files = filesOf(site);
  const token = runs === undefined ? undefined : randomBytes(16).toString("hex");
  const reports = runs === undefined || token === undefined ? undefined : reportsOf(runs, token);
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split(/[?#]/, 1)[0]!;
    const { method = "GET" } = request;
    const { port: own } = server.address() as AddressInfo;
    const refused = refusal({ method, path, host: request.headers.host }, own);
    if (refused) return plain(response, refused.status, refused.reason);
    if (path.startsWith("/reports/")) return void report(response, path, reports);
    const file = files.get(path === "/" ? "/index.html" : path);
    if (!file) return plain(response, 404, "there is no such file");
    const type = typeOf(file);
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
          : error.code === "EACCES"
            ? new AttarError(
                "busy",
                `port ${port} is not for everybody to take`,
                "attar studio --port 0 takes any that is free",
                1,
              )
            : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const own = (server.address() as AddressInfo).port;
  const words = runs === undefined ? [] : [runs, ...(threads === undefined ? [] : [String(threads)])];
  const sockets = token === undefined ? undefined : socketsOf(server, () => own, token, words);
  return {
    address: `http://127.0.0.1:${own}/`,
    ...(token !== undefined && { token }),
    close: async () => {
      await sockets?.close();
      await new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    },
  };
}

const typeOf = (file: string) => types[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";

/** Answers with a file of a report. */
async function report(response: ServerResponse, path: string, reports: ReturnType<typeof reportsOf> | undefined) {
  const content = await reports?.(path).catch(() => undefined);
  if (!content) return plain(response, 404, "there is no such report");
  response.writeHead(200, { ...reportHeaders, "content-type": typeOf(path), "content-length": content.length });
  response.end(content);
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
