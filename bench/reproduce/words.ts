import type { Cell } from "./cell.ts";
import { isSubset } from "./result.ts";
import type { Recorded } from "./takeIn.ts";

/** The words of the last records before studies: names of initialisations as `attar condense` takes them. */
const words = 2;

/** Initialisations by the names that they had before, and have now. */
const renamed: Readonly<Record<string, string>> = {
  real: "random",
  representative: "kmeans",
  kmeans: "kmeans-centres",
};

/**
 * A record as the cell that is asked for has it today, so that its commands can be typed and its settings compared; its file
 * stays as it was written. Initialisations get their names of today; steps that were asked for, and are the recipe's own now,
 * are a setting.
 */
export function inTodaysWords(result: Recorded, asked?: Cell): Recorded {
  return withStepsOfRecipe(result.words === words ? result : withNamesOfToday(result), asked);
}

function withNamesOfToday(result: Recorded): Recorded {
  const { cell, settings, commands } = result;
  return {
    ...result,
    cell: { ...cell, condense: cell.condense.map(command), evaluate: cell.evaluate.map(command) },
    ...(settings && {
      settings: {
        ...Object.fromEntries(Object.entries(settings).map(setting)),
        // Coresets were runs of one step.
        ...(settings.realBatch === 0 && { steps: 0 }),
      },
    }),
    commands: commands.map(command),
  };
}

const command = (text: string) =>
  text.replace(/\binitialisation=([a-z-]+)/g, (_, name: string) => `initialisation=${renamed[name] ?? name}`);

const setting = ([path, value]: [string, unknown]): [string, unknown] => {
  const name = path.replace(/^selection\./, "initialisation.");
  return [name, name === "initialisation" ? (renamed[String(value)] ?? value) : value];
};

function withStepsOfRecipe(result: Recorded, asked?: Cell): Recorded {
  const { cell, settings, commands } = result;
  const at = cell.condense.indexOf("--steps");
  if (at < 0 || !asked || isSubset(asked) || asked.condense.includes("--steps")) return result;
  const steps = cell.condense[at + 1]!;
  return {
    ...result,
    cell: { ...cell, condense: cell.condense.toSpliced(at, 2) },
    ...(settings && { settings: { ...settings, steps: Number(steps) } }),
    commands: commands.map((text) => text.replace(` --steps ${steps}`, "")),
  };
}
