import { z } from "zod";
import { settingHeads } from "../condense/settingHeads.ts";
import { AttarError, nearest } from "../engine/errors.ts";
import { initialisationRegistry } from "../synthetic/index.ts";
import { readJsonObject } from "./jsonFile.ts";

const count = (least: number) =>
  z.int("must be a whole number").min(least, `must be at least ${least}`).max(Number.MAX_SAFE_INTEGER, "is too large");
const rate = z.number("must be a number").min(0, "must not be negative");
const text = z.string("must be text");

/**
 * Everything a configuration file or `--set` may fix. One schema for validation, for editors ({@link settingsJsonSchema})
 * and for the documentation ({@link settingsRows}).
 */
export const settingsSchema = z.strictObject({
  $schema: text.optional().describe("address of this schema, for editors"),
  method: text.optional().describe("see `attar methods`, or a `.json` file of a record; dm by default"),
  ipc: count(1).optional().describe("images per class; 10 by default"),
  seed: count(0).optional().describe("root of all randomness; 0 by default"),
  preset: z
    .enum(["laptop", "paper"], "must be laptop or paper")
    .optional()
    .describe("hyperparameters to start from; laptop by default"),
  steps: count(1).optional().describe("updates of the synthetic set"),
  realBatch: count(1).optional().describe("real images per class and step; at most the smallest class"),
  imageLearningRate: rate.optional().describe("learning rate of the synthetic images"),
  imageMomentum: rate.optional().describe("momentum of the synthetic images' SGD"),
  net: text
    .optional()
    .describe(
      "network whose random initialisations are the hypotheses, e.g. `convnet:width=64`; by default convnet, for tables mlp",
    ),
  augmentation: text
    .optional()
    .describe(
      "`none`, `siamese`, `composite`, `per-image`, operators joined by `_` (`color_crop_cutout`) or both (`composite:color_crop`); by default the method's",
    ),
  initialisation: text
    .optional()
    .describe(`where the synthetic images start: ${initialisationRegistry.names.join(", ")}`),
  checkpointEvery: count(1).optional().describe("steps between checkpoints; 25 by default"),
  snapshotEvery: count(1).optional().describe("steps between snapshots; a tenth of the run by default"),
});

export type Settings = z.infer<typeof settingsSchema> & {
  /** Options of a method's parts by path, checked against the method later. */
  settings?: Record<string, string | number | boolean>;
};

/** Paths such as "hypotheses.every": the options of a method's parts, which `attar methods <name>` lists; "synthetic" names a data space. */
const partPath = new RegExp(`^(?:synthetic|(?:${settingHeads.join("|")})\\.(?!.*__proto__)[\\w.-]+)$`);

/** Other paths by which a setting may be addressed. */
const aliases = new Map([
  ["tricks.augmentation", "augmentation"],
  ["network", "net"],
]);

/**
 * Merges a configuration file, `--set path=value` and flags; later ones win.
 *
 * @param flags values of the command line's own options by setting; undefined ones are left out
 * @throws AttarError that names the value, where it was given and what it takes
 */
export function readSettings(
  file: string | undefined,
  sets: readonly string[],
  flags: Record<string, unknown>,
): Settings {
  const given = new Map<string, { value: unknown; where: string }>();
  if (file)
    for (const [key, value] of readFile(file)) {
      const path = aliases.get(key) ?? key;
      const before = given.get(path);
      if (before)
        throw new AttarError(
          "bad-config",
          `${before.where} and ${key} are one setting, given twice`,
          "leave one of them out",
        );
      given.set(path, { value, where: `${key} in ${file}` });
    }
  for (const set of sets) {
    const at = set.indexOf("=");
    if (at < 1)
      throw new AttarError("bad-option", `--set ${set}: expected path=value`, "for example --set realBatch=128");
    const path = set.slice(0, at);
    given.set(aliases.get(path) ?? path, { value: parseValue(set.slice(at + 1)), where: `--set ${path}` });
  }
  for (const [name, value] of Object.entries(flags))
    if (value !== undefined) given.set(name, { value, where: `--${name}` });

  const paths: Record<string, string | number | boolean> = Object.create(null);
  for (const [path, { value, where }] of given) {
    if (!partPath.test(path)) continue;
    if (!["string", "number", "boolean"].includes(typeof value))
      throw new AttarError("bad-option", `${where} must be a number, text, true or false`, "");
    paths[path] = value as string | number | boolean;
    given.delete(path);
  }
  const parsed = settingsSchema.safeParse(Object.fromEntries([...given].map(([key, { value }]) => [key, value])));
  if (parsed.success) {
    const { $schema: _, ...settings } = parsed.data;
    return Object.keys(paths).length > 0 ? { ...settings, settings: paths } : settings;
  }
  const issue = parsed.error.issues[0]!;
  if (issue.code === "unrecognized_keys") throw unknownSetting(issue.keys[0]!);
  const key = String(issue.path[0]);
  const { value, where } = given.get(key)!;
  throw new AttarError("bad-option", `${where} ${issue.message}, got ${JSON.stringify(value)}`, meaningOf(key));
}

function readFile(file: string): [string, unknown][] {
  return Object.entries(
    readJsonObject(file, {
      code: "bad-config",
      noun: "configuration file",
      takes: "--config takes a JSON file of settings",
      form: 'it holds one object of settings, for example {"ipc": 10, "steps": 300}',
    }),
  );
}

/** A value of `--set`: a number where it reads as one, else text. */
function parseValue(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

const names = () => Object.keys(settingsSchema.shape).filter((name) => name !== "$schema");

function unknownSetting(name: string): AttarError {
  if (settingHeads.some((head) => head === name))
    return new AttarError(
      "unknown-option",
      `"${name}" alone is no setting`,
      `options of parts are written with a dot, as ${name === "tricks" ? "tricks.partition" : `${name}.…`}: --dry-run lists those of a run`,
    );
  const guess = nearest(name, names());
  return new AttarError(
    "unknown-option",
    `unknown setting "${name}"`,
    guess ? `did you mean "${guess}"?` : `settings: ${names().join(", ")}`,
  );
}

function meaningOf(name: string): string {
  const { description } = settingsSchema.shape[name as keyof typeof settingsSchema.shape];
  return `${name}: ${description}`;
}

/** The JSON Schema of a configuration file. */
export function settingsJsonSchema(): object {
  return {
    title: "Settings of attar condense",
    ...z.toJSONSchema(settingsSchema),
    patternProperties: { [partPath.source]: { type: ["number", "string", "boolean"] } },
  };
}

/** The documentation's table: setting, what it takes, what it means. */
export function settingsRows(): string[][] {
  const properties = (settingsJsonSchema() as { properties: Record<string, SettingSchema> }).properties;
  return [
    ["setting", "takes", "meaning"],
    ...names().map((name) => [`\`${name}\``, takes(properties[name]!), properties[name]!.description]),
  ];
}

interface SettingSchema {
  type: string;
  description: string;
  minimum?: number;
  enum?: string[];
}

function takes({ type, minimum, enum: choices }: SettingSchema): string {
  if (choices) return choices.join(" or ");
  if (type === "integer") return `whole number from ${minimum}`;
  return type === "number" ? `number from ${minimum}` : "text";
}
