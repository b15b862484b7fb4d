import type { Command } from "commander";

/** Where a command computes. */
export type Device = { device?: string; threads?: number };
/** The plugins that a command is given. */
export type Plugins = { plugin?: readonly string[] };

/** The values of an option that may be said again and again. */
export const collect = (value: string, all: string[]) => [...all, value];

/** Errors are thrown, and printed in one place; help goes where commander sends it. */
export const quiet = (command: Command) =>
  command
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => {} });

/** Adds commands to type to a command's help. */
export const example = (command: Command, ...lines: string[]) =>
  command.addHelpText("after", `\nExample:\n${lines.map((line) => `  $ ${line}`).join("\n")}`);

/** Adds a command, with what every one has. */
export const add = (parent: Command, usage: string, description: string, ...examples: string[]) =>
  example(
    quiet(parent.command(usage))
      .description(description)
      .option("--json", "machine-readable output on stdout")
      .option("--quiet", "no progress and no log"),
    ...examples,
  );

/** The option by which a command takes parts of a person's own. */
export const pluginOption: [string, string, typeof collect, string[]] = [
  "--plugin <file>",
  "parts of your own, a JavaScript module; repeatable",
  collect,
  [],
];

/** Registers the parts of plugins, of which there are mostly none. */
export const extend = async ({ plugin }: Plugins) => (await import("../plugins.ts")).loadPlugins(plugin);

/** Opens the engine on the device that a command is given. */
export async function prepare(flags: Device): Promise<void> {
  await (await import("../prepareEngine.ts")).prepareEngine(flags.device, flags.threads);
}
