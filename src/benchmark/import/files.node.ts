import { stat } from "node:fs/promises";
import { readRaw } from "../../data/index.ts";
import { AttarError } from "../../engine/errors.ts";
import type { Files } from "./layouts/layout.ts";

/** A path as layouts read it. @throws AttarError "absent-file" */
export async function filesAt(path: string): Promise<Files> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new AttarError("absent-file", `there is no file or folder ${path}`, "check the path");
  return {
    path,
    isFolder: found.isDirectory(),
    read: async (file) => ((await stat(file).catch(() => undefined))?.isFile() ? readRaw(file) : undefined),
  };
}
