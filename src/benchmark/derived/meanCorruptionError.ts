import { type CorruptionErrors, meanCorruptionError as formula } from "../metrics/meanCorruptionError.ts";
import type { Derivation, Derived } from "./derivation.ts";
import { randomAt } from "./gains.ts";
import type { Found } from "./numbers.ts";

const metric = "mean-corruption-error";
const words = { metric, unit: "ratio", better: "lower" } as const;

/** Values of the reading that are no single corruption's. */
const others: ReadonlySet<string> = new Set(["clean", "drop"]);

/**
 * Errors under corruptions over those of a baseline (Hendrycks and Dietterich 2019): random subsets of the set's size, another
 * subject, or networks on the full data.
 */
export const meanCorruptionError: Derivation = {
  name: metric,
  title: "errors on spoiled images over those of a baseline, mean over corruptions",
  of: "network",
  restates: false,
  options: { baseline: "random" },
  unit: words.unit,
  better: words.better,
  figures({ place, numbers, circumstances, options, objective }): readonly Derived[] {
    const absent = (reason: string): Derived[] => [{ ...words, metric: objective, value: null, reason }];
    const taken = circumstances.readings.filter(({ reading }) => reading.name === "corruption");
    if (taken.length !== 1)
      return absent(
        taken.length === 0
          ? 'no accuracy on spoiled images: "corruption" in "objectives"'
          : `the study reads corruption in ${taken.length} ways: it takes one`,
      );
    const head = `${taken[0]!.name}.`;
    const names = numbers
      .metricsAt(place)
      .flatMap((name) => (name.startsWith(head) && !others.has(name.slice(head.length)) ? [name] : []));
    const baseline = options.baseline ?? "random";
    const against = (name: string): Found => {
      if (baseline === "random") return randomAt(numbers, place, name);
      if (baseline === "full") return numbers.fullAt(place, name);
      if (!numbers.has(baseline)) return { missing: `no baseline: the study has no "${baseline}"` };
      const { seed: _, ...there } = place;
      return numbers.ofSubject({ ...there, subject: baseline }, name);
    };
    const all = [`${head}clean`, ...names];
    const own = errorsOf(all, head, (name) => numbers.at(place, name));
    if ("missing" in own) return absent(own.missing);
    const theirs = errorsOf(all, head, against);
    if ("missing" in theirs) return absent(theirs.missing);
    const keys = [...new Set([...own.keys, ...theirs.keys])];
    const { mean, relative } = formula(own.errors, theirs.errors);
    return [
      { ...words, metric: objective, value: mean, keys },
      {
        ...words,
        metric: `${objective}.relative`,
        ...(relative === undefined
          ? { value: null, reason: "a corruption adds nothing to the baseline's error" }
          : { value: relative, keys }),
      },
    ];
  },
};

/** Errors by corruption, each the mean over severities, which stands for their sum: both sides have as many. */
function errorsOf(
  names: readonly string[],
  head: string,
  at: (name: string) => Found,
): { readonly errors: CorruptionErrors; readonly keys: readonly string[] } | { readonly missing: string } {
  let clean = 0;
  const corrupted: Record<string, readonly number[]> = Object.create(null);
  const keys = new Set<string>();
  for (const name of names) {
    const found = at(name);
    if ("missing" in found) return found;
    for (const key of found.keys) keys.add(key);
    if (name === `${head}clean`) clean = 1 - found.mean;
    else corrupted[name.slice(head.length)] = [1 - found.mean];
  }
  return { errors: { clean, corrupted }, keys: [...keys] };
}
