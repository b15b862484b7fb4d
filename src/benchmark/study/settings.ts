import { settingHeads } from "../../condense/settingHeads.ts";
import { AttarError, nearest, type OptionValue } from "../../engine/index.ts";
import type { CondenseTask } from "../jobs/job.ts";

type Options = Omit<CondenseTask["options"], "ipc" | "seed" | "preset">;

const numbers = ["steps", "realBatch", "imageLearningRate", "imageMomentum"] as const;
const texts = ["augmentation", "initialisation"] as const;
const names: readonly string[] = [...numbers, ...texts, "net"];

/**
 * The settings of a method in a study, as `attar condense --set` takes them.
 *
 * @param where the field, for errors
 * @throws AttarError "bad-study"
 */
export function settingsOf(set: Readonly<Record<string, OptionValue>>, where: string): Options {
  const options: Record<string, OptionValue> = {};
  const settings: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(set)) {
    if (settingHeads.some((head) => name.startsWith(`${head}.`))) settings[name] = value;
    else if (!names.includes(name)) throw unknown(name, where);
    else {
      const number = numbers.some((one) => one === name);
      if (typeof value !== (number ? "number" : "string"))
        throw new AttarError(
          "bad-study",
          `${where}.${name} must be ${number ? "a number" : "text"}, got ${JSON.stringify(value)}`,
          "attar schema prints what settings take",
        );
      options[name === "net" ? "network" : name] = value;
    }
  }
  return { ...options, ...(Object.keys(settings).length > 0 && { settings }) };
}

function unknown(name: string, where: string): AttarError {
  const guess = nearest(name, names);
  return new AttarError(
    "bad-study",
    `${where}: unknown setting "${name}"`,
    guess
      ? `did you mean "${guess}"?`
      : `settings: ${names.join(", ")}, and options of parts: ${settingHeads.map((head) => `${head}.…`).join(", ")}`,
  );
}
