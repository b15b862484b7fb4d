import { criteria, criterionNamed, distanceNamed } from "../../discrepancies/index.ts";
import type { OptionRules } from "../../engine/index.ts";
import {
  architectureNamed,
  architectureRegistry,
  solverNamed,
  solvers,
  sourceNamed,
  sourceRegistry,
} from "../../hypotheses/index.ts";
import type { Method, Objective, Term } from "../../methods/method.ts";
import { privacyOptions } from "../../privacy/index.ts";
import {
  initialisationNamed,
  initialisationRegistry,
  labelOptions,
  spaceNamed,
  spaceRegistry,
} from "../../synthetic/index.ts";
import { trickNamed, trickRegistry } from "../../tricks/index.ts";
import { viewNamed, viewRegistry } from "../../views/index.ts";
import { seenOptions } from "../seenOptions.ts";
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
import { comparesView, minimisedDistances, readsSolver, servesCriterion } from "./pairs.ts";

/** A room of parts by the names that its registry has when a record is read. */
const room = <N extends string>(
  noun: string,
  names: () => readonly N[],
  named: (name: string) => { readonly options: OptionRules },
): Room<N> => ({ noun, names, options: (name) => named(name).options });

const citation = fields({ authors: text, year: whole(1), title: text, venue: text }, { letter: text, book: yes });

const term = fields(
  {
    view: part(room("view", () => viewRegistry.names, viewNamed)),
    discrepancy: part(room("discrepancy", minimisedDistances, distanceNamed)),
  },
  { weight: amount, over: word("class", "set"), phase: word("always", "warmup", "main") },
);

/** A term whose discrepancy compares what its view yields. */
const pair: Form<Term> = {
  read(value, path) {
    const read = term.read(value, path);
    const { yields } = viewNamed(read.view.name);
    const fits = (name: string) => comparesView(name, read.view.name);
    if (!fits(read.discrepancy.name))
      throw badMethod(
        path,
        `the view ${read.view.name} yields ${yields === "gradient" ? "a gradient" : "values of samples"}, which the discrepancy ${read.discrepancy.name} does not compare`,
        `use one of ${minimisedDistances().filter(fits).join(", ")}`,
      );
    return read as Term;
  },
  schema: () => term.schema(),
};

const solved = fields(
  {
    solve: part(room("solver", () => Object.keys(solvers), solverNamed)),
    criterion: part(room("criterion", () => Object.keys(criteria), criterionNamed)),
  },
  {},
);

const objective = oneOf({
  match: fields({ match: list(pair) }, {}),
  solve: {
    read(value: unknown, path: string) {
      const read = solved.read(value, path);
      if (!readsSolver(read.criterion.name, read.solve.name))
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
      synthetic: part(room("data space", () => spaceRegistry.names, spaceNamed)),
      initialisation: part(room("initialisation", () => initialisationRegistry.names, initialisationNamed)),
      labels: options("the labels", labelOptions),
      seen: options("what is seen", seenOptions),
      hypotheses: part(room("source of hypotheses", () => sourceRegistry.names, sourceNamed)),
      network: part(room("network", () => architectureRegistry.names, architectureNamed)),
      scoring: fields(
        {},
        {},
        paths(() => true, []),
      ),
      augmentation: text,
      tricks: list(part(room("trick", () => trickRegistry.names, trickNamed))),
      update: options("the update", updateOptions),
      privacy: options("privacy", privacyOptions),
      laptop: list(fields({ when, set, chosen: fields({ command: text, split: text, commit: text }, {}) }, {})),
      recipe: list(fields({ when, set, source: text }, {})),
    },
  );

/**
 * A method from its record as a person wrote it, each field checked against the registries. What is left out of a record is
 * pixels that start as random real images, fresh networks, no augmentation, no trick.
 *
 * @throws AttarError "bad-method" (exit code 2), one sentence with the path of the field
 */
export function methodFrom(record: unknown): Method {
  const { $schema: _, ...read } = methodForm().read(record, "");
  const coreset = "none" in read.objective;
  const hypotheses = read.hypotheses ?? { name: coreset ? "none" : "fresh" };
  checkTarget(read.objective as Objective, hypotheses.name);
  return {
    formula: "",
    reference: "",
    departures: [],
    synthetic: { name: "pixels" },
    initialisation: { name: "random" },
    hypotheses,
    augmentation: "none",
    tricks: [],
    recipe: [],
    ...read,
    objective: read.objective as Objective,
  };
}

/** @throws AttarError "bad-method" where a criterion holds parameters against a target that hypotheses lack */
function checkTarget(objective: Objective, source: string): void {
  if (!("solve" in objective) || servesCriterion(source, objective.criterion.name)) return;
  const sources = sourceRegistry.names.filter((name) => servesCriterion(name, objective.criterion.name));
  throw badMethod(
    "hypotheses",
    `the criterion ${objective.criterion.name} holds parameters against a target, which hypotheses ${source} do not have`,
    `declare "hypotheses": { "name": "${sources[0]}" }`,
  );
}

/** The JSON Schema of a method's record, for editors and programs. */
export const methodSchema = (): object => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "A method of attar",
  ...methodForm().schema(),
});
