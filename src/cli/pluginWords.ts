import { shellWord } from "./output.ts";

/** The words that give a command the same plugins, a space before each; nothing where there are none. */
export const pluginWords = (paths: readonly string[] = []): string =>
  paths.map((path) => ` --plugin ${shellWord(path)}`).join("");
