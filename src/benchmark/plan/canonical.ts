/**
 * A value as JSON text in one form only: keys in order, nothing between tokens, entries that are undefined left out. Equal values
 * have equal texts, whatever order their keys were set in.
 *
 * @param known texts of objects within `value` that never change, found and kept by identity: ten thousand jobs share most of theirs
 * @throws TypeError for what JSON cannot hold: numbers that are not finite, functions
 */
export function canonical(value: unknown, known?: WeakMap<object, string>): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no place in JSON`);
    return JSON.stringify(value);
  }
  if (typeof value !== "object") throw new TypeError(`a ${typeof value} has no place in JSON`);
  const before = known?.get(value);
  if (before !== undefined) return before;
  const text = Array.isArray(value)
    ? `[${value.map((one) => canonical(one ?? null, known)).join(",")}]`
    : `{${entriesOf(value).map(([key, one]) => `${JSON.stringify(key)}:${canonical(one, known)}`)}}`;
  known?.set(value, text);
  return text;
}

const entriesOf = (value: object) =>
  Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
