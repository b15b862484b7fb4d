/**
 * Control characters, of which terminals make commands: those of ASCII and Latin-1, line and paragraph separators, and
 * what changes the direction of text.
 */
const controls = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const names: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Text for a terminal in which every control character is written out: "\x1b" for an escape. Everything that a file or a
 * name brings into the output goes through here, once, on its way out; what is printed as JSON does not.
 *
 * @param kept characters that stay: the line breaks of a text that has lines of its own
 */
export function printable(text: string, kept = ""): string {
  return text.replace(controls, (c) => (kept.includes(c) ? c : (names.get(c) ?? written(c.charCodeAt(0)))));
}

const written = (code: number) =>
  code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
