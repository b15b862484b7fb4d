import { fileURLToPath } from "node:url";
import { serveStudio } from "../studio/server.node.ts";
import { log, type OutputOptions, print, printJson } from "./output.ts";

export interface StudioFlags extends OutputOptions {
  port: number;
}

/** `attar studio`: serves the page in which a dataset is condensed while one watches, until Ctrl-C. */
export async function studioCommand(flags: StudioFlags): Promise<void> {
  const server = await serveStudio(fileURLToPath(new URL("../studio/site", import.meta.url)), flags.port);
  if (flags.json) printJson({ address: server.address });
  else print(server.address);
  log("open it in a browser of this machine; everything is computed in the page. Ctrl-C ends the server.", flags);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.close();
}
