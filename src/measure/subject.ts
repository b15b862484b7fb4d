import { AttarError, nearest } from "../engine/index.ts";
import { coresetRules } from "../synthetic/index.ts";

/** One side of a comparison as a person names it. */
export interface Subject {
  /** The text itself: what tables and errors call it. */
  readonly text: string;
  /** A dataset's name or path, a run folder, a file; undefined for a coreset of the other side's dataset. */
  readonly base?: string;
  readonly split: "train" | "test";
  /** The half of a random division of the split, and its seed where one is given. */
  readonly half?: { readonly which: 1 | 2; readonly seed?: number };
  /** A coreset of the training split. */
  readonly coreset?: { readonly rule: string; readonly ipc: number };
  /** Positions [from, to) of what the rest of the text names. */
  readonly range?: { readonly from: number; readonly to?: number };
  readonly changes: readonly Change[];
}

/** A change for reference: normal noise of that deviation on the normalised values, or labels in random order. */
export type Change = { readonly kind: "noise"; readonly deviation: number } | { readonly kind: "permuted" };

const rules: readonly string[] = coresetRules;
const splits = ["train", "test"] as const;
const parts = ["half1", "half2", ...rules.map((rule) => `${rule}:10`)];
export const subjectForms =
  "for example mnist:train, mnist:test, mnist:train[0:30000], mnist:train/half1, random:10, mnist:test+noise=0.5, a run folder or a file";

/**
 * Reads a subject: `<base>[:train|:test][/half1|/half2|/<rule>:<ipc>][[from:to]][+noise=<sd>|+permuted]…`, or `<rule>:<ipc>`
 * for a coreset of the other side's dataset. Halves take a seed of their own as `/half1@7`. The training split is meant
 * where none is named.
 *
 * @param exists whether a path is there: what exists under the whole text is meant by it
 * @throws AttarError "bad-subject"
 */
export function parseSubject(text: string, exists: (path: string) => boolean = () => false): Subject {
  const refuse = (what: string, hint = subjectForms) => new AttarError("bad-subject", `${text}: ${what}`, hint);
  const whole = { text, split: "train", changes: [] } as const;
  if (text !== "" && exists(text)) return { ...whole, base: text };
  const { rest: unchanged, changes } = changesOf(text, refuse);
  if (unchanged !== "" && exists(unchanged)) return { ...whole, base: unchanged, changes };

  const [, front = "", from, to] = /^(.*?)(?:\[(\d*):(\d*)\])?$/s.exec(unchanged)!;
  const range = from === undefined ? undefined : { from: Number(from), ...(to && { to: Number(to) }) };
  if (range?.to !== undefined && range.to <= range.from) throw refuse(`the range ${range.from}:${range.to} is empty`);
  if (front.endsWith("]")) throw refuse("a range is written [from:to]");

  const own = coresetOf(front, refuse);
  if (own) return { ...whole, coreset: own, range, changes };
  const bare = rules.find((rule) => rule === front);
  if (bare) throw refuse("a coreset needs its images per class", `for example ${bare}:10`);

  const slash = front.lastIndexOf("/");
  const tail = slash > 0 && !exists(front) ? front.slice(slash + 1) : "";
  const half = /^half([12])(?:@(\d+))?$/.exec(tail);
  const coreset = tail === "" ? undefined : coresetOf(tail, refuse);
  const before = half || coreset ? front.slice(0, slash) : front;
  const [, base = "", split] = (!exists(before) && /^(.+):(train|test)$/s.exec(before)) || [before, before];
  const colon = /^([\w.-]+):([\w-]*)$/.exec(base);
  if (colon && !exists(base)) {
    const near = nearest(colon[2]!, splits);
    throw refuse(
      `there is no split "${colon[2]}"`,
      near ? `did you mean ${colon[1]}:${near}?` : `use ${colon[1]}:train or ${colon[1]}:test`,
    );
  }
  const named = /^([\w.-]+(?::(?:train|test))?)\/([a-z]+\d?(?::\d+)?)$/.exec(base);
  if (named && !exists(named[1]!) && !exists(base)) {
    const near = nearest(named[2]!, parts);
    if (near) throw refuse(`there is no part "${named[2]}"`, `did you mean ${named[1]}/${near}?`);
  }
  if (base === "") throw refuse("names no dataset");
  if (coreset && split === "test") throw refuse("coresets are chosen from the training split", `use ${base}/${tail}`);
  return {
    text,
    base,
    split: (split as Subject["split"] | undefined) ?? "train",
    ...(half && { half: { which: Number(half[1]) as 1 | 2, ...(half[2] && { seed: Number(half[2]) }) } }),
    ...(coreset && { coreset }),
    ...(range && { range }),
    changes,
  };
}

type Refuse = (what: string, hint?: string) => AttarError;

function coresetOf(text: string, refuse: Refuse): Subject["coreset"] {
  const found = /^([a-z]+):(\d+)$/.exec(text);
  if (!found) return undefined;
  const [, rule = "", count] = found;
  if (!rules.includes(rule)) {
    const near = nearest(rule, rules);
    throw refuse(`there is no coreset "${rule}"`, near ? `did you mean ${near}:${count}?` : `use ${rules.join(", ")}`);
  }
  const ipc = Number(count);
  if (!Number.isSafeInteger(ipc) || ipc < 1) throw refuse("a coreset has at least one image per class", `${rule}:10`);
  return { rule, ipc };
}

/** Takes `+noise=…` and `+permuted` off the end, first one first. */
function changesOf(text: string, refuse: Refuse): { rest: string; changes: Change[] } {
  const changes: Change[] = [];
  let rest = text;
  for (;;) {
    const found = /^(.*)\+(noise=[^+]*|permuted)$/s.exec(rest);
    if (!found) return { rest, changes };
    const [, before = "", change = ""] = found;
    rest = before;
    if (change === "permuted") {
      changes.unshift({ kind: "permuted" });
      continue;
    }
    const deviation = Number(change.slice("noise=".length) || Number.NaN);
    if (!(deviation > 0 && deviation < Number.POSITIVE_INFINITY))
      throw refuse("noise takes its standard deviation, a number above 0", "for example mnist:test+noise=0.5");
    changes.unshift({ kind: "noise", deviation });
  }
}
