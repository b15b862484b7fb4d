import { cellsOf, claimFor, type ScoreCell, type SetCell } from "../../src/benchmark/plan/cells.node.ts";
import { parseStudy } from "../../src/benchmark/study/parseStudy.ts";
import { readJson } from "../../src/benchmark/study/readJson.node.ts";
import type { Subject } from "../../src/benchmark/study/resolved.ts";
import { resolveStudy } from "../../src/benchmark/study/resolveStudy.node.ts";
import { isFor, type Study } from "../../src/benchmark/study/schema.ts";
import { AttarError, nearest } from "../../src/engine/index.ts";
import { epochsFor } from "../../src/hypotheses/index.ts";
import { type Cell, type Family, nameOf, studyOf } from "./cell.ts";
import { blank, trainingImages } from "./trainingImages.ts";

/** The protocol that is no part of a cell's name. */
const usual = "field";

/**
 * A study as a family of cells, in the order of its table: by dataset and size, then by method, or subsets by protocol.
 *
 * @param root the folder that has studies/
 */
export async function familyOf(name: string, root: URL): Promise<Family> {
  const file = new URL(studyOf(name), root).pathname;
  const study = parseStudy(readJson(file, "study"), studyOf(name));
  const { sets } = cellsOf(await resolveStudy(study, file, async (dataset) => blank(dataset, Math.max(...study.ipc))));
  const protocols = [...new Set(study.protocols.map((protocol) => protocol.name))];
  const subjects = [...new Set(sets.map(({ subject }) => subject.label))];
  const placed = sets.flatMap((set) =>
    set.scores
      .filter(({ refused }) => !refused)
      .map((score) => {
        const [protocol, subject] = [protocols.indexOf(score.protocol.name), subjects.indexOf(set.subject.label)];
        const place = [study.datasets.indexOf(set.dataset.label), set.ipc];
        const inBlock = name === "subsets" ? [protocol, subject] : [subject, protocol];
        return { cell: cellOf(study, set, score), place: [...place, ...inBlock] };
      }),
  );
  const difference = (a: number[], b: number[]) => a.map((x, i) => x - b[i]!).find((d) => d !== 0) ?? 0;
  const cells = placed.sort((a, b) => difference(a.place, b.place)).map(({ cell }) => cell);
  return { name, title: study.title ?? name, notes: study.notes ?? [], cells };
}

function cellOf(study: Study, set: SetCell, { name, network, protocol }: ScoreCell): Cell {
  const { subject, dataset, ipc } = set;
  if (subject.made.by !== "method") throw new AttarError("bad-study", `${subject.label} is no method`, "", 1);
  const method = subject.made.method.name;
  const condense = condenseWords(subject.made.options);
  const asked = study.protocols.find(
    (one) => one.name === protocol.name && isFor(one, subject.label, dataset.label, ipc),
  )!;
  const { steps, epochs, repeats, augmentation, baselines } = asked;
  const length =
    steps === undefined ? epochs : epochsFor(steps, trainingImages({ method, dataset: dataset.label, ipc, condense }));
  const claim = claimFor(set);
  return {
    ...{ method, dataset: dataset.label, ipc, condense },
    ...(subject.label !== method && { variant: subject.label.slice(method.length + 1) }),
    ...(protocol.name !== usual && { scoring: protocol.name }),
    evaluate: [
      ...(length === undefined ? [] : ["--epochs", String(length)]),
      ...["--repeats", String(repeats)],
      ...(augmentation === undefined ? [] : ["--augmentation", augmentation]),
      ...(asked.networks ? ["--nets", network] : []),
      ...(baselines ? ["--baselines", baselines.join(",")] : []),
    ],
    ...(claim && { reported: { accuracy: Number((100 * claim.accuracy).toFixed(1)), source: claim.source } }),
    ...{ set: set.name, scores: name },
  };
}

/** What a study sets of a method, as `attar condense` takes it. */
function condenseWords({ preset, steps, network, settings = {}, ...rest }: Options): string[] {
  return [
    ...(preset === "paper" ? ["--preset", preset] : []),
    ...(network === undefined ? [] : ["--net", network]),
    ...(steps === undefined ? [] : ["--steps", String(steps)]),
    ...Object.entries({ ...rest, ...settings }).flatMap(([path, value]) => ["--set", `${path}=${value}`]),
  ];
}

type Options = Extract<Subject["made"], { by: "method" }>["options"];

const root = new URL(import.meta.url.includes("/dist-bench/") ? "../../../" : "../../", import.meta.url);

export const families: readonly Family[] = await Promise.all(
  ["subsets", "dd", "bilevel", "quality", "paper"].map((name) => familyOf(name, root)),
);

/** @throws AttarError "unknown-family" (exit code 2). */
export function familyNamed(name: string): Family {
  const found = families.find((f) => f.name === name);
  if (found) return found;
  const names = families.map((f) => f.name);
  throw new AttarError("unknown-family", `there is no set of experiments "${name}"`, suggestion(name, names));
}

/** A cell with its family. */
export interface Placed {
  readonly family: Family;
  readonly cell: Cell;
}

/**
 * The cell of a name, whole: `mnist-dm-ipc10`, or with its family `dd/mnist-dm-ipc10`.
 *
 * @param family where it is to be looked for; everywhere when left out
 * @throws AttarError "unknown-cell" (exit code 2), with the nearest name.
 */
export function cellNamed(name: string, family?: Family): Placed {
  const places = (family ? [family] : families).flatMap((f) => f.cells.map((cell) => ({ family: f, cell })));
  const found = places.find((p) => name === nameOf(p.cell) || name === `${p.family.name}/${nameOf(p.cell)}`);
  if (found) return found;
  const elsewhere = family && families.find((f) => f.cells.some((cell) => nameOf(cell) === name));
  if (elsewhere)
    throw new AttarError(
      "unknown-cell",
      `the cell "${name}" is not of ${family.name} but of ${elsewhere.name}`,
      `npm run reproduce -- --only ${name}`,
    );
  const names = places.map((p) => nameOf(p.cell));
  const where = family ? ` in ${family.name}` : "";
  throw new AttarError(
    "unknown-cell",
    `there is no cell "${name}"${where}`,
    suggestion(name.slice(name.indexOf("/") + 1), names, "npm run reproduce -- --list prints all names."),
  );
}

const suggestion = (name: string, names: readonly string[], otherwise = `Sets: ${names.join(", ")}.`) => {
  const longer = names.filter((known) => name !== "" && known.includes(name));
  const near = longer.length > 0 ? longer.slice(0, 6).join(", ") : nearest(name, names);
  return near ? `Did you mean ${near}?` : otherwise;
};
