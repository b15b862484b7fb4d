import type { CellResult } from "./result.ts";

/** The words of the records that are written now: names of initialisations as `attar condense` takes them. */
export const words = 2;

/** Initialisations by the names that they had before, and have now. */
const renamed: Readonly<Record<string, string>> = {
  real: "random",
  representative: "kmeans",
  kmeans: "kmeans-centres",
};

/** A record in today's words, so that its commands can be typed and its settings compared; its file stays as it was written. */
export function inTodaysWords(result: CellResult): CellResult {
  if (result.words === words) return result;
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
