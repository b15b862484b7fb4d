import { readFileSync } from "node:fs";
import { z } from "zod";
import { AttarError, nearest } from "../engine/index.ts";

/** Everything a configuration file or `--set` may fix: one schema for validation, editors and documentation. */
export const settingsSchema = z.strictObject({
  ipc: z.int().describe("images per class").optional(),
  seed: z.int().describe("root of all randomness").optional(),
  preset: z.enum(["laptop", "paper"]).describe("hyperparameters to start from").optional(),
  steps: z.int().describe("updates of the synthetic set").optional(),
  realBatch: z.int().describe("real images per class and step").optional(),
  imageLearningRate: z.number().describe("learning rate of the synthetic images").optional(),
  imageMomentum: z.number().describe("momentum of the synthetic images").optional(),
  net: z.string().describe("network whose random initialisations are the hypotheses, e.g. convnet:width=64").optional(),
  augmentation: z.string().describe('operators joined by "_", or "none"').optional(),
  initialisation: z.string().describe("real, noise or kmeans").optional(),
  checkpointEvery: z.int().min(1).describe("steps between checkpoints").optional(),
  snapshotEvery: z.int().min(1).describe("steps between snapshots").optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Longer paths by which the tricks' own settings may be addressed. */
const aliases: Record<string, string> = { "tricks.augmentation": "augmentation", network: "net" };

/** Merges a configuration file, `--set path=value` and flags; later ones win. */
export function readSettings(
  file: string | undefined,
  sets: readonly string[],
  flags: Record<string, unknown>,
): Settings {
  let merged: Record<string, unknown> = {};
  if (file) {
    try {
      merged = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
      throw new AttarError(
        "bad-config",
        absent ? `there is no configuration file ${file}` : `${file} is not valid JSON`,
        "see attar condense --help",
      );
    }
  }
  for (const set of sets) {
    const at = set.indexOf("=");
    if (at < 1)
      throw new AttarError("bad-option", `--set ${set}: expected path=value`, "for example --set realBatch=128");
    const path = set.slice(0, at);
    const text = set.slice(at + 1);
    merged[aliases[path] ?? path] = text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  for (const [name, value] of Object.entries(flags)) if (value !== undefined) merged[name] = value;
  const parsed = settingsSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const known = Object.keys(settingsSchema.shape);
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const guess = nearest(key, known);
    throw new AttarError(
      "unknown-option",
      `unknown setting "${key}"`,
      guess ? `did you mean "${guess}"?` : `settings: ${known.join(", ")}`,
    );
  }
  throw new AttarError("bad-option", `${issue.path.join(".")}: ${issue.message}`, "see attar condense --help");
}

/** A whole number from the command line. */
export function wholeNumber(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value))
      throw new AttarError("bad-option", `${name} must be a whole number, got "${text}"`, `for example ${name} 10`);
    return value;
  };
}
