import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A digest of the program that commands of a cell run: every compiled file below `folder`. */
export function digestOfBuild(folder = "dist"): string {
  const digest = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  for (const file of files.sort()) digest.update(file).update(readFileSync(join(folder, file)));
  return digest.digest("hex");
}
