import type { AttarError } from "./errors.ts";
import type { OptionRules, OptionValues } from "./options.ts";

/**
 * Reads `name` or `name:option=value,…`, as networks and readings are written.
 *
 * @param named looks the name up, and throws where there is none of that name
 * @param malformed the error for a piece of the text that has another form
 */
export function readPartText<P>(
  text: string,
  named: (name: string) => P,
  malformed: (piece: string) => AttarError,
): { readonly part: P; readonly options: Readonly<Record<string, string>> } {
  const [name = "", list, ...rest] = text.trim().split(":");
  const part = named(name.trim().toLowerCase());
  if (rest.length > 0 || list?.trim() === "") throw malformed(text);
  const options: Record<string, string> = Object.create(null);
  for (const piece of list?.split(",") ?? []) {
    const [option, value, ...more] = piece.split("=").map((s) => s.trim());
    if (!option || !value || more.length > 0 || Object.hasOwn(options, option)) throw malformed(piece);
    options[option] = value;
  }
  return { part, options };
}

/** The shortest text that {@link readPartText} reads back as this: the name and the options that are not default. */
export function partText(name: string, options: OptionValues, rules: OptionRules): string {
  const changed = Object.entries(options).filter(([option, value]) => rules[option]!.default !== value);
  return changed.length === 0 ? name : `${name}:${changed.map(([n, v]) => `${n}=${v}`).join(",")}`;
}
