import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const script = fileURLToPath(new URL("../../studio/build.mjs", import.meta.url));

/** Builds the studio's page, into dist/studio/site where no folder is named. */
export const bundleSite = (folder?: string) =>
  promisify(execFile)(process.execPath, [script, ...(folder === undefined ? [] : [folder])]);
