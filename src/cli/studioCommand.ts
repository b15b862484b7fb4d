import { fileURLToPath } from "node:url";
import { type StudioServer, serveStudio } from "../studio/server.node.ts";
import { log, type OutputOptions, print, printJson } from "./output.ts";

export interface StudioFlags extends OutputOptions {
  port: number;
  threads?: number;
}

/** `attar studio`: serves the page in which a dataset is condensed while one watches, until Ctrl-C. */
export async function studioCommand(runs: string, { port, threads, ...flags }: StudioFlags): Promise<void> {
  const site = fileURLToPath(new URL("../studio/site", import.meta.url));
  const server = await serveStudio(site, { port, runs, threads });
  const address = addressOf(server);
  if (flags.json) printJson({ address, runs });
  else print(address);
  log(
    `open it in a browser of this machine. Runs go to ${runs}/; closing the page stops none, Ctrl-C here does.`,
    flags,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.close();
}

const addressOf = ({ address, token }: StudioServer) => `${address}${token === undefined ? "" : `#token=${token}`}`;
