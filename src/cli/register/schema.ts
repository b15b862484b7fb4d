import type { Command } from "commander";
import { add, extend, type Plugins, pluginOption } from "./command.ts";

/** `attar schema`. */
export function registerSchema(program: Command): void {
  add(
    program,
    "schema",
    "JSON Schema of --config files, of methods, or of studies, for editors",
    "attar schema > attar.schema.json",
    "attar schema --method > method.schema.json",
  )
    .option(...pluginOption)
    .option("--method", "of a method's record, as --method mine.json takes it")
    .option("--study", "of a study, as attar benchmark takes it")
    .option("--parts", "no schema: every part there is on the four axes, with the schema of its options, as JSON")
    .option("--markdown", "as a Markdown table")
    .action(async (flags: { markdown?: boolean; method?: boolean; study?: boolean; parts?: boolean } & Plugins) => {
      await extend(flags);
      (await import("../schemaCommand.ts")).schemaCommand(flags);
    });
}
