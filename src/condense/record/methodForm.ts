import { criteria, criterionNamed, type Discrepancy, discrepancies, distanceNamed } from "../../discrepancies/index.ts";
import type { OptionRules } from "../../engine/index.ts";
import {
  architectureNamed,
  architectures,
  solverNamed,
  solvers,
  sourceNamed,
  sources,
} from "../../hypotheses/index.ts";
import type { Method, Objective, Term } from "../../methods/method.ts";
import { initialisationNamed, initialisations, labelOptions, spaceNamed, spaces } from "../../synthetic/index.ts";
import { trickNamed, tricks } from "../../tricks/index.ts";
import { viewNamed, views } from "../../views/index.ts";
import { settingHeads } from "../settingHeads.ts";
import { updateOptions } from "../update.ts";
import {
  amount,
  badMethod,
  type Form,
  fields,
  list,
  oneOf,
  options,
  part,
  paths,
  type Room,
  text,
  textLike,
  whole,
  word,
  yes,
} from "./form.ts";

/** A room of parts by its registry's names. */
const room = <P extends object>(
  noun: string,
  parts: P,
  rules: (name: string) => { readonly options: OptionRules },
): Room<keyof P & string> => ({
  noun,
  names: Object.keys(parts) as (keyof P & string)[],
  options: (name) => rules(name).options,
});

/** Discrepancies that a loop can minimise. */
const distances = (): Room<string> => {
  const known: Readonly<Record<string, Discrepancy>> = discrepancies.parts;
  const names = Object.keys(known).filter((name) => known[name]!.traced);
  return { noun: "discrepancy", names, options: (name) => distanceNamed(name).options };
};

const citation = fields({ authors: text, year: whole(1), title: text, venue: text }, { letter: text, book: yes });

const term = fields(
  { view: part(room("view", views, viewNamed)), discrepancy: part(distances()) },
  { weight: amount, over: word("class", "set"), phase: word("always", "warmup", "main") },
);

/** A term whose discrepancy compares what its view yields. */
const pair: Form<Term> = {
  read(value, path) {
    const read = term.read(value, path);
    const { yields } = viewNamed(read.view.name);
    const fits = (name: string) => {
      const { compares } = distanceNamed(name);
      return yields === "gradient" ? compares.includes("gradients") : compares.some((kind) => kind !== "gradients");
    };
    if (!fits(read.discrepancy.name))
      throw badMethod(
        path,
        `the view ${read.view.name} yields ${yields === "gradient" ? "a gradient" : "values of samples"}, which the discrepancy ${read.discrepancy.name} does not compare`,
        `use one of ${distances().names.filter(fits).join(", ")}`,
      );
    return read as Term;
  },
  schema: () => term.schema(),
};

const solved = fields(
  {
    solve: part(room("solver", solvers, solverNamed)),
    criterion: part(room("criterion", criteria, criterionNamed)),
  },
  {},
);

const objective = oneOf({
  match: fields({ match: list(pair) }, {}),
  solve: {
    read(value: unknown, path: string) {
      const read = solved.read(value, path);
      if (
        solverNamed(read.solve.name).yields === "predictor" &&
        criterionNamed(read.criterion.name).reads === "parameters"
      )
        throw badMethod(
          path,
          `the criterion ${read.criterion.name} reads parameters, and the solver ${read.solve.name} yields none`,
          "use target-loss or regression-loss",
        );
      return read;
    },
    schema: () => solved.schema(),
  },
  none: fields({ none: yes }, {}),
});

const ipc: Form<number | readonly [number, number]> = {
  read(value, path) {
    if (!Array.isArray(value)) return whole(1).read(value, path);
    const [least, most, ...more] = list(whole(1)).read(value, path);
    if (least === undefined || most === undefined || more.length > 0 || least > most)
      throw badMethod(path, "it takes a number, or the least and the most", "for example [1, 9]");
    return [least, most];
  },
  schema: () => ({ oneOf: [whole(1).schema(), { type: "array", items: whole(1).schema(), minItems: 2, maxItems: 2 }] }),
};

const when = fields({}, { dataset: list(text), channels: whole(1), side: whole(1), classes: whole(1), ipc });

const alone = ["augmentation", "initialisation", "evaluation.augmentation", "realImages"];
const set = fields(
  { steps: whole(1), realBatch: whole(1), imageLearningRate: amount, imageMomentum: amount },
  {},
  paths(
    (key) => alone.includes(key) || settingHeads.some((head) => key.startsWith(`${head}.`)),
    [...alone, ...settingHeads.map((head) => `${head}.…`)],
  ),
);

/** The form of a method's record: what a file may hold, by the registries as they are. */
const methodForm = () =>
  fields(
    {
      name: textLike(/^[A-Za-z0-9][\w.-]{0,63}$/, "letters, digits, dots and dashes", '"my-method"'),
      title: text,
      citation,
      objective,
    },
    {
      $schema: text,
      row: whole(1, 37),
      formula: text,
      reference: text,
      departures: list(text),
      synthetic: part(room("data space", spaces, spaceNamed)),
      initialisation: part(room("initialisation", initialisations, initialisationNamed)),
      labels: options("the labels", labelOptions),
      hypotheses: part(room("source of hypotheses", sources, sourceNamed)),
      network: part(room("network", byName(architectures), architectureNamed)),
      scoring: fields(
        {},
        {},
        paths(() => true, []),
      ),
      augmentation: text,
      tricks: list(part(room("trick", tricks, trickNamed))),
      update: options("the update", updateOptions),
      laptop: list(fields({ when, set, chosen: fields({ command: text, split: text, commit: text }, {}) }, {})),
      recipe: list(fields({ when, set, source: text }, {})),
    },
  );

const byName = (all: readonly { readonly name: string }[]) => Object.fromEntries(all.map((one) => [one.name, one]));

/**
 * A method from its record as a person wrote it, each field checked against the registries. What is left out of a record is
 * pixels that start as random real images, fresh networks, no augmentation, no trick.
 *
 * @throws AttarError "bad-method" (exit code 2), one sentence with the path of the field
 */
export function methodFrom(record: unknown): Method {
  const { $schema: _, ...read } = methodForm().read(record, "");
  const coreset = "none" in read.objective;
  return {
    formula: "",
    reference: "",
    departures: [],
    synthetic: { name: "pixels" },
    initialisation: { name: "random" },
    hypotheses: { name: coreset ? "none" : "fresh" },
    augmentation: "none",
    tricks: [],
    recipe: [],
    ...read,
    objective: read.objective as Objective,
  };
}

/** The JSON Schema of a method's record, for editors and programs. */
export const methodSchema = (): object => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "A method of attar",
  ...methodForm().schema(),
});
