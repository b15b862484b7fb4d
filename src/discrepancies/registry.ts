import { type OptionValues, registry, resolveOptions, unknownName } from "../engine/index.ts";
import { characteristicDiscrepancies } from "./characteristic/index.ts";
import { criterionDiscrepancies } from "./criterion/index.ts";
import type { Discrepancy, Measurable, MeasuredFace } from "./discrepancy.ts";
import type { Formula } from "./formula.ts";
import { frechetDiscrepancies } from "./frechet/index.ts";
import { generalizationDiscrepancies } from "./generalization/index.ts";
import { gradientDiscrepancies } from "./gradient/index.ts";
import { hausdorffDiscrepancies } from "./hausdorff/index.ts";
import { ipmDiscrepancies } from "./ipm/index.ts";
import { checkClasses, checkMeasures } from "./measures/index.ts";
import { mmdDiscrepancies } from "./mmd/index.ts";
import { momentDiscrepancies } from "./moments/index.ts";
import type { Compared, Distance, TracedFace } from "./traced.ts";
import { wassersteinDiscrepancies } from "./wasserstein/index.ts";

/** Every discrepancy of the theory, by the name that methods and `attar measure` use, in the order of the paper's sections. */
export const discrepancies = registry("discrepancy", {
  ...ipmDiscrepancies,
  ...mmdDiscrepancies,
  ...wassersteinDiscrepancies,
  ...frechetDiscrepancies,
  ...characteristicDiscrepancies,
  ...hausdorffDiscrepancies,
  ...momentDiscrepancies,
  ...gradientDiscrepancies,
  ...criterionDiscrepancies,
  ...generalizationDiscrepancies,
});

type Records = typeof discrepancies.parts;
export type DiscrepancyName = keyof Records;

/** The names of the discrepancies whose traced face compares means, gradients or rows. */
export type DistancesOf<C extends Compared> = {
  [D in DiscrepancyName]: Records[D] extends { readonly traced: TracedFace<infer Own> }
    ? C extends Own
      ? D
      : never
    : never;
}[DiscrepancyName];

/** The names of the discrepancies that a loop can minimise. */
export type DistanceName = DistancesOf<Compared>;

/** The words of a record beside its faces. */
const wordsOf = ({ title, formula, reference, citation }: Formula) => ({ title, formula, reference, citation });

/** The traced face of the discrepancy that a method's declaration names. @throws AttarError "unknown-discrepancy" */
export function distanceNamed(name: string): Distance {
  const parts: Readonly<Record<string, Discrepancy>> = discrepancies.parts;
  const record = discrepancies.has(name) ? parts[name]! : undefined;
  if (record?.traced) return { ...wordsOf(record), ...record.traced };
  throw unknownName(
    "discrepancy",
    name,
    discrepancies.names.filter((known) => parts[known]!.traced),
    {
      sentence: (asked) =>
        record
          ? `${asked} is measured, and no loop minimises it`
          : `there is no distance between views named "${asked}"`,
    },
  );
}

/** A record of the registry, or of one's own, by its measured face: measures and options are checked before anything is computed. */
export function measurable(name: string, record: Formula & { readonly measured: MeasuredFace }): Measurable {
  const { measured } = record;
  const resolve = (given: OptionValues) =>
    resolveOptions(`discrepancy ${name}`, measured.options, given, (o, value) => `--set ${name}.${o}=${value}`);
  return {
    name,
    ...wordsOf(record),
    ...measured,
    resolve,
    async measure(a, b, context, given = {}) {
      const options = resolve(given);
      checkMeasures(a, b);
      if (measured.labelAware) checkClasses(a, b);
      context.signal?.throwIfAborted();
      return measured.measure(a, b, options, context);
    },
  };
}

const measuring: Measurable[] = Object.entries<Discrepancy>(discrepancies.parts).flatMap(([name, record]) =>
  record.measured ? [measurable(name, record)] : [],
);

/** Every discrepancy with a measured face. */
export const measurables: readonly Measurable[] = measuring;

/** Adds a discrepancy of one's own, by both of its faces. @returns takes it out again @throws AttarError "taken-name" */
export function registerDiscrepancy(name: string, record: Discrepancy): () => void {
  const takeOut = discrepancies.register(name, record);
  const face = record.measured ? measurable(name, record) : undefined;
  if (face) measuring.push(face);
  return () => {
    takeOut();
    if (face) measuring.splice(measuring.indexOf(face), 1);
  };
}

/** @throws AttarError "unknown-discrepancy" for a name that is none, or of a discrepancy without a measured face */
export function measurableNamed(name: string): Measurable {
  const record = measurables.find((d) => d.name === name);
  if (record) return record;
  const parts: Readonly<Record<string, Discrepancy>> = discrepancies.parts;
  const why = discrepancies.has(name) ? parts[name]!.unmeasured : undefined;
  throw unknownName(
    "discrepancy",
    name,
    measurables.map((d) => d.name),
    {
      sentence: (asked) => (why ? `${asked} is not measured: ${why}` : `unknown discrepancy "${asked}"`),
      hint: (near, known) => (near ? `did you mean ${near}?` : `discrepancies: ${known.join(", ")}, or all`),
    },
  );
}
