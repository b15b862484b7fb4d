import { badData } from "../badData.ts";

/** Deepest nesting that is read. */
const maxDepth = 64;

/**
 * `JSON.parse` that refuses what `JSON.parse` lets pass: an object with the same key twice (the second would win
 * unseen), the key "__proto__", and nesting deeper than 64.
 *
 * @throws AttarError "bad-data"
 */
export function parseStrictJson(text: string, where: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badData(where, "not valid JSON");
  }
  checkKeys(text, where);
  return value;
}

/** Walks valid JSON once; a string directly followed by ":" is a key of the innermost object. */
function checkKeys(text: string, where: string): void {
  const objects: Set<string>[] = [];
  const string = /"(?:[^"\\]|\\.)*"/y;
  const colon = /\s*:/y;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "{" || c === "[") {
      if (objects.push(new Set()) > maxDepth) throw badData(where, `nested deeper than ${maxDepth}`);
    } else if (c === "}" || c === "]") objects.pop();
    else if (c === '"') {
      string.lastIndex = i;
      const token = string.exec(text)![0];
      i += token.length - 1;
      colon.lastIndex = i + 1;
      if (!colon.test(text)) continue;
      const key = JSON.parse(token) as string;
      const keys = objects.at(-1)!;
      if (keys.has(key)) throw badData(where, `has the key "${key}" twice`);
      if (key === "__proto__") throw badData(where, 'has the forbidden key "__proto__"');
      keys.add(key);
    }
  }
}
