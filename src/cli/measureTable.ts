import type { Bound, Measurement, PushForward, Value } from "../measure/index.ts";
import { duration, figure } from "./numbers.ts";
import { table } from "./output.ts";

/** A measurement for a person: distances, then what stands beside them. */
export function measurementTables(found: Measurement): string {
  const parts = [
    table(distances(found)),
    ...(found.perClass && Object.values(found.values).some(({ classes }) => classes) ? [table(byClass(found))] : []),
    ...(found.pushForward ? [table(pushForward(found.pushForward))] : []),
    ...(found.bounds.length > 0 ? [table(bounds(found.bounds))] : []),
    ...notes("not applicable", found.skipped),
    ...notes("failed", found.failed),
    ...(found.interrupted ? ["stopped before the rest was computed"] : []),
  ];
  return parts.join("\n\n");
}

/** Nothing for an exact value, a question mark where the error is not known; a bound says so itself. */
const error = ({ stderr, bound }: Value) => {
  if (stderr > 0) return `± ${Number(stderr.toPrecision(2))}`;
  return Number.isNaN(stderr) && bound === undefined ? "± ?" : "";
};

/** A value, or what it bounds from below (>=) or above (<=). */
const distance = ({ value, bound }: Value) =>
  `${bound === undefined ? "" : bound === "lower" ? ">= " : "<= "}${figure(value)}`;

function distances({ a, b, values, references }: Measurement): string[][] {
  const short = references.map(({ noise }) => (noise === 0 ? "A again" : `noise ${noise}`));
  const rows = Object.entries(values).map(([name, value]) => [
    name,
    distance(value),
    error(value),
    ...references.map((reference) => (reference.values[name] ? distance(reference.values[name]) : "")),
    value.estimator,
    duration(value.seconds),
  ]);
  return [[`${a} : ${b}`, "distance", "", ...short, "estimator", "time"], ...rows];
}

/** A row a class, a column a discrepancy. */
function byClass({ values }: Measurement): string[][] {
  const measured = Object.entries(values).filter(([, { classes }]) => classes);
  const names = [...new Set(measured.flatMap(([, { classes }]) => Object.keys(classes!)))];
  return [
    ["class", ...measured.map(([name]) => name)],
    ...names.map((label) => [label, ...measured.map(([, { classes }]) => cell(classes![label]))]),
  ];
}

const cell = (value: Value | undefined) => (value ? `${distance(value)} ${error(value)}`.trim() : "");

/** The words for bounds that hold, and for those that do not, by what they rest on. */
const held = { construction: "by construction", theorem: "yes", "held-out": "yes, constant from held-out draws" };
const missed = { construction: "NO", theorem: "NO", "held-out": "no: the constant from held-out draws is too small" };

function bounds(all: readonly Bound[]): string[][] {
  return [
    ["bound", "left", "right", "slack", "holds"],
    ...all.map(({ inequality, left, right, holds, basis }) => [
      inequality,
      figure(left),
      figure(right),
      figure(right - left),
      holds ? held[basis] : missed[basis],
    ]),
  ];
}

const cases = {
  1: "both sides through g_e (§4, case 1)",
  2: "codes through g_d, against images (§4, case 2)",
  3: "images through g_e, against codes (§4, case 3)",
} as const;

function pushForward(report: PushForward): string[][] {
  const { injectivity: i, reconstruction, surjectivity } = report;
  const share = (value: number) => `${figure(100 * value, 3)} %`;
  return [
    ["push-forward", cases[report.case]],
    ["encoder", `${report.description}: ${report.dimension} numbers a sample`],
    [
      "injective?",
      i.collisions > 0
        ? `no: ${i.collisions} of ${i.pairs} pairs of different samples have one code`
        : `no collision among ${i.pairs} pairs; the closest pair keeps ${share(i.contraction)} of its distance`,
    ],
    ...(["a", "b"] as const).flatMap((side) => {
      const found = reconstruction[side];
      return found
        ? [
            [
              `g_d∘g_e on ${side.toUpperCase()}`,
              `loses ${share(found.error)} of the spread, ${share(found.worst)} at worst`,
            ],
          ]
        : [];
    }),
    ...(surjectivity
      ? [
          [
            "surjective?",
            `${surjectivity.constantCoordinates} of ${report.dimension} coordinates never vary${
              Number.isNaN(surjectivity.error)
                ? ""
                : `; the codes given are ${share(surjectivity.error)} of their spread from codes of images`
            }`,
          ],
        ]
      : []),
  ];
}

const notes = (what: string, reasons: Readonly<Record<string, string>>) => {
  const rows = Object.entries(reasons);
  return rows.length > 0 ? [table(rows.map(([name, why]) => [name, `${what}: ${why}`]))] : [];
};
