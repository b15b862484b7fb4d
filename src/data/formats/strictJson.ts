import { badData } from "../badData.ts";

/** Deepest nesting that is read. */
const maxDepth = 64;

/**
 * `JSON.parse` that refuses what `JSON.parse` lets pass: an object with the same key twice (the second would win
 * unseen), the key "__proto__", and nesting deeper than 64. Takes time in proportion to the text's length.
 *
 * @throws AttarError "bad-data"
 */
export function parseStrictJson(text: string, where: string): unknown {
  checkDepth(text, where);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badData(where, "not valid JSON");
  }
  checkKeys(text, where);
  return value;
}

const quote = 34;
const backslash = 92;

/** Finds where the string that starts at `i` ends: the index of its closing quote, or the text's length where it has none. */
function endOfString(text: string, i: number): number {
  let at = i + 1;
  for (let c = text.charCodeAt(at); at < text.length && c !== quote; c = text.charCodeAt(at))
    at += c === backslash ? 2 : 1;
  return Math.min(at, text.length);
}

/** Walks text that need not be JSON; brackets in strings do not count. */
function checkDepth(text: string, where: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) i = endOfString(text, i);
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth) throw badData(where, `nested deeper than ${maxDepth}`);
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
}

/** Walks valid JSON; a string directly followed by ":" is a key of the innermost object. */
function checkKeys(text: string, where: string): void {
  const objects: (Set<string> | undefined)[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x7b) objects.push(new Set());
    else if (c === 0x5b) objects.push(undefined);
    else if (c === 0x7d || c === 0x5d) objects.pop();
    else if (c === quote) {
      const start = i;
      i = endOfString(text, i);
      let next = i + 1;
      while (next < text.length && text.charCodeAt(next) <= 32) next++;
      if (text[next] !== ":") continue;
      const key = JSON.parse(text.slice(start, i + 1)) as string;
      const keys = objects.at(-1)!;
      const shown = key.length > 100 ? `${key.slice(0, 100)}…` : key;
      if (keys.has(key)) throw badData(where, `has the key "${shown}" twice`);
      if (key === "__proto__") throw badData(where, 'has the forbidden key "__proto__"');
      keys.add(key);
    }
  }
}
