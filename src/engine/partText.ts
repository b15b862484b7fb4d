import type { AttarError } from "./errors.ts";
import type { OptionRules, OptionValues } from "./options.ts";

/**
 * Reads `name` or `name:option=value,…`, as networks and readings are written.
 *
 * @param named looks the name up, and throws where there is none of that name
 * @param malformed the error for a piece of the text that has another form
 * @param leading options whose values may come first, in this order and without their names: `pgd:linf,0.1,steps=20`
 */
export function readPartText<P>(
  text: string,
  named: (name: string) => P,
  malformed: (piece: string) => AttarError,
  leading: (part: P) => readonly string[] = () => [],
): { readonly part: P; readonly options: Readonly<Record<string, string>> } {
  const [name = "", list, ...rest] = text.trim().split(":");
  const part = named(name.trim().toLowerCase());
  if (rest.length > 0 || list?.trim() === "") throw malformed(text);
  const options: Record<string, string> = Object.create(null);
  const first = leading(part);
  for (const [i, typed] of (list?.split(",") ?? []).entries()) {
    const bare = i < first.length && !typed.includes("=") && Object.keys(options).length === i;
    const piece = bare ? `${first[i]}=${typed}` : typed;
    const [option, value, ...more] = piece.split("=").map((s) => s.trim());
    if (!option || !value || more.length > 0 || Object.hasOwn(options, option)) throw malformed(piece);
    options[option] = value;
  }
  return { part, options };
}

/**
 * The shortest text that {@link readPartText} reads back as this: the name, the values of leading options, and the other options
 * that are not default.
 */
export function partText(
  name: string,
  options: OptionValues,
  rules: OptionRules,
  leading: readonly string[] = [],
): string {
  const changed = Object.entries(options).filter(
    ([option, value]) => !leading.includes(option) && rules[option]!.default !== value,
  );
  const pieces = [...leading.map((option) => `${options[option]}`), ...changed.map(([n, v]) => `${n}=${v}`)];
  return pieces.length === 0 ? name : `${name}:${pieces.join(",")}`;
}
