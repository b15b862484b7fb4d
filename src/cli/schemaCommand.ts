import { markdownTable, print } from "./output.ts";
import { settingsJsonSchema, settingsRows } from "./settings.ts";

/** `attar schema`: the JSON Schema of `--config` files, or the documentation's table. */
export function schemaCommand(flags: { markdown?: boolean }): void {
  print(flags.markdown ? markdownTable(settingsRows()) : JSON.stringify(settingsJsonSchema(), null, 2));
}
