import { markdownTable } from "../../../src/cli/output.ts";
import { AttarError } from "../../../src/engine/index.ts";

const opening = (name: string) => `<!-- ${name}: written by npm run reproduce -- --tables -->`;
const closing = (name: string) => `<!-- /${name} -->`;

/**
 * A text with its marked sections written anew. A section stands between `<!-- name: … -->` and `<!-- /name -->`.
 *
 * @throws AttarError "no-section" (exit code 1) where the text lacks the marks of a section, or has a section of no such name.
 */
export function withSections(text: string, sections: ReadonlyMap<string, string>): string {
  let out = text;
  for (const [name, body] of sections) {
    const [from, to] = [out.indexOf(opening(name)), out.indexOf(closing(name))];
    if (from < 0 || to < from)
      throw new AttarError("no-section", `README.md has no section ${name}`, `${opening(name)} … ${closing(name)}`, 1);
    out = `${out.slice(0, from)}${opening(name)}\n\n${body}\n\n${out.slice(to)}`;
  }
  for (const [, name] of text.matchAll(/<!-- ([\w-]+): written by /g))
    if (!sections.has(name!))
      throw new AttarError("no-section", `nothing writes the section ${name} of README.md`, "", 1);
  return out;
}

/** A Markdown table, aligned as the formatter leaves it. */
export const tableText = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  markdownTable([head, ...rows]);
