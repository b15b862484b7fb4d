import { studyJsonSchema } from "../benchmark/study/schema.ts";
import { describeParts, methodSchema } from "../condense/index.ts";
import { markdownTable, print, printJson } from "./output.ts";
import { settingsJsonSchema, settingsRows } from "./settings.ts";

interface SchemaFlags {
  markdown?: boolean;
  method?: boolean;
  study?: boolean;
  parts?: boolean;
}

/**
 * `attar schema`: the JSON Schema of `--config` files, the documentation's table of them, the JSON Schema of a method's record or
 * of a study, or the parts that such a record can be made of.
 */
export function schemaCommand(flags: SchemaFlags): void {
  if (flags.parts) printJson(describeParts(), 2);
  else if (flags.study) printJson(studyJsonSchema(), 2);
  else if (flags.method) printJson(methodSchema(), 2);
  else if (flags.markdown) print(markdownTable(settingsRows()));
  else printJson(settingsJsonSchema(), 2);
}
