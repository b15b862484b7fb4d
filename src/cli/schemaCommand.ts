import { markdownTable, print, printJson } from "./output.ts";
import { settingsJsonSchema, settingsRows } from "./settings.ts";

/** `attar schema`: the JSON Schema of `--config` files, or the documentation's table. */
export function schemaCommand(flags: { markdown?: boolean }): void {
  if (flags.markdown) print(markdownTable(settingsRows()));
  else printJson(settingsJsonSchema(), 2);
}
