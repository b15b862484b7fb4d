import type { DatasetInfo } from "../data/datasetInfo.ts";
import { arrayShape } from "../data/domain.ts";
import { coveringRules, criterionNamed, distanceNamed } from "../discrepancies/index.ts";
import {
  AttarError,
  integer,
  nearest,
  number,
  type OptionRules,
  type OptionValue,
  type OptionValues,
  resolveOptions,
} from "../engine/index.ts";
import { solverNamed, sourceNamed } from "../hypotheses/index.ts";
import type { BilevelMethod, MatchMethod, Method, Part, Term } from "../methods/method.ts";
import { checkSpaceServes, type LabelValues, labelOptions, spaceNamed } from "../synthetic/index.ts";
import { type AnyTrick, type MethodTraits, trickNamed } from "../tricks/index.ts";
import { viewNamed } from "../views/index.ts";
import { settingHeads } from "./settingHeads.ts";
import { updateOptions } from "./update.ts";

/** A part with every option resolved. */
export interface ResolvedPart {
  readonly name: string;
  readonly options: OptionValues;
}

export interface ResolvedTerm {
  readonly view: ResolvedPart;
  readonly discrepancy: ResolvedPart;
  readonly weight: number;
  readonly over: NonNullable<Term["over"]>;
  readonly phase: NonNullable<Term["phase"]>;
}

export interface ResolvedParts {
  readonly terms: readonly ResolvedTerm[];
  readonly synthetic: ResolvedPart;
  readonly hypotheses: ResolvedPart;
  readonly update: OptionValues;
  readonly tricks: readonly ResolvedPart[];
  /** The rule of a coreset. */
  readonly selection?: ResolvedPart;
  /** Of bilevel methods. */
  readonly solver?: ResolvedPart;
  readonly criterion?: ResolvedPart;
  readonly labels?: LabelValues;
  readonly warmup: { readonly share: number; readonly steps: number };
}

/** What parts are checked against. */
export interface Surroundings {
  readonly dataset: DatasetInfo;
  readonly ipc: number;
  readonly realBatch: number;
  readonly augmented: boolean;
}

type Settings = Readonly<Record<string, OptionValue>>;

const warmupOptions = {
  share: number(0, 0, 1, "share of a run's networks whose early steps are the warm-up, the first ones"),
  steps: integer(Number.MAX_SAFE_INTEGER, 0, undefined, "steps of such a network that are"),
} satisfies OptionRules;

const nothing: ResolvedParts = {
  terms: [],
  synthetic: { name: "subset", options: {} },
  hypotheses: { name: "none", options: {} },
  update: {},
  tricks: [],
  warmup: { share: 0, steps: 0 },
};

/**
 * A method's parts with the settings' options, all checked.
 *
 * @param settings values by path
 * @throws AttarError (exit code 2) for a path no part has, a value out of range, or parts that do not go together
 */
export function resolveParts(method: Method, settings: Settings, around: Surroundings): ResolvedParts {
  const paths = new Paths(settings);
  if (method.loop === "select") {
    const rules = coveringRules.get(method.selection.name)?.options ?? {};
    const selection = part("selection", method.selection, rules, paths.take("selection"));
    paths.refuseRest(method.name);
    return { ...nothing, selection };
  }
  const source = sourceNamed(method.hypotheses.name);
  const hypotheses = part("hypotheses", method.hypotheses, source.options, paths.take("hypotheses"));
  const space = spaceNamed(method.synthetic.name);
  checkSpaceServes(method.synthetic.name, around.dataset.domain.kind);
  const synthetic = part("data space", method.synthetic, space.options, paths.take("synthetic"));
  const update = resolveOptions("the update", updateOptions, { ...method.update, ...paths.take("update") });
  if (method.loop === "bilevel") {
    const solved = resolveSolved(method, paths, { hypotheses, synthetic, update });
    paths.refuseRest(method.name);
    return solved;
  }
  const warmup = resolveOptions("the warm-up", warmupOptions, paths.take("warmup"));
  const terms = resolveTerms(method, paths);
  const { imagesPerClass } = space.extent(synthetic.options, around.dataset, around.ipc);
  const traits: MethodTraits = {
    hypotheses: source.most,
    subspace: source.subspace ?? false,
    imagesPerClass,
    classes: around.dataset.classes.length,
    shape: arrayShape(around.dataset.domain),
    realBatch: around.realBatch,
  };
  const tricks = resolveTricks(method, paths.take("tricks"), traits);
  paths.refuseRest(method.name);
  if (hypotheses.options.augmented && !around.augmented)
    throw new AttarError(
      "bad-combination",
      "hypotheses.augmented trains networks as matching augments, and matching does not augment",
      "--set tricks.augmentation=siamese, or --set hypotheses.augmented=false",
    );
  for (const { view } of terms)
    if (viewNamed(view.name).needsNetwork && source.most === 0)
      throw new AttarError("bad-combination", `the view ${view.name} needs a network, hypotheses "none" has none`, "");
  return { terms, synthetic, hypotheses, update, tricks, warmup };
}

/** The parts of a bilevel method beside those that matching has as well. */
function resolveSolved(
  method: BilevelMethod,
  paths: Paths,
  common: Pick<ResolvedParts, "hypotheses" | "synthetic" | "update">,
): ResolvedParts {
  const [solver, criterion] = [solverNamed(method.solver.name), criterionNamed(method.criterion.name)];
  const refuse = (what: string, hint: string) => {
    throw new AttarError("bad-combination", `${method.name} ${what}`, hint);
  };
  if (solver.yields === "predictor" && criterion.reads === "parameters")
    refuse(`reads parameters, and the solver ${method.solver.name} has none`, "see attar methods for pairs that fit");
  if (common.update.per === "class")
    refuse("trains on all of S at once, and moves it once a step", "--set update.per=iteration");
  if (common.synthetic.options.most)
    refuse("trains on all of S", "--set synthetic.most=0; solver.batch says how many images a step of training sees");
  const own = (head: string) => {
    for (const path of Object.keys(paths.take(head)))
      refuse(`is no matching method and has no ${head}.${path}`, `leave ${head}.${path} out`);
  };
  for (const head of ["tricks", "view", "discrepancy", "weights", "warmup"]) own(head);
  return {
    ...nothing,
    ...common,
    solver: part("solver", method.solver, solver.options, paths.take("solver")),
    criterion: part("criterion", method.criterion, criterion.options, paths.take("criterion")),
    labels: resolveOptions("the labels", labelOptions, { ...method.labels, ...paths.take("labels") }),
  };
}

function part(room: string, { name, options }: Part, rules: OptionRules, given: OptionValues): ResolvedPart {
  return { name, options: resolveOptions(`${room} "${name}"`, rules, { ...options, ...given }) };
}

function resolveTerms(method: MatchMethod, paths: Paths): ResolvedTerm[] {
  const [views, discrepancies, weights] = [paths.take("view"), paths.take("discrepancy"), paths.take("weights")];
  const used = new Set<string>();
  const owned = (room: string, rules: OptionRules, given: OptionValues) =>
    Object.fromEntries(
      Object.entries(given).filter(([option]) => {
        if (!Object.hasOwn(rules, option)) return false;
        used.add(`${room}.${option}`);
        return true;
      }),
    );
  const terms = method.terms.map((term): ResolvedTerm => {
    const [view, distance] = [viewNamed(term.view.name), distanceNamed(term.discrepancy.name)];
    const given = weights[term.view.name];
    if (given !== undefined) used.add(`weights.${term.view.name}`);
    const { weight } = resolveOptions(`the term of ${term.view.name}`, weightRule, {
      weight: given ?? term.weight ?? 1,
    });
    return {
      view: part("view", term.view, view.options, owned("view", view.options, views)),
      discrepancy: part(
        "distance",
        term.discrepancy,
        distance.options,
        owned("discrepancy", distance.options, discrepancies),
      ),
      weight,
      over: term.over ?? "class",
      phase: term.phase ?? "always",
    };
  });
  for (const [room, given] of Object.entries({ view: views, discrepancy: discrepancies, weights }))
    for (const option of Object.keys(given)) if (!used.has(`${room}.${option}`)) throw noSuch(method, room, option);
  return terms;
}

const weightRule = { weight: number(1, 0) } satisfies OptionRules;

function noSuch(method: MatchMethod, room: string, option: string): AttarError {
  const known =
    room === "weights"
      ? method.terms.map((t) => t.view.name)
      : method.terms.flatMap((t) =>
          Object.keys(room === "view" ? viewNamed(t.view.name).options : distanceNamed(t.discrepancy.name).options),
        );
  return unknownSetting(
    `${room}.${option}`,
    known.map((k) => `${room}.${k}`),
    method.name,
  );
}

/** Tricks of the declaration, then those of the settings: `tricks.<name>` sets the main option, `none` takes one away. */
function resolveTricks(method: MatchMethod, given: OptionValues, traits: MethodTraits): ResolvedPart[] {
  const chosen = new Map<string, Record<string, OptionValue>>();
  for (const { name, options } of method.tricks) chosen.set(name, { ...options });
  for (const [path, value] of Object.entries(given)) {
    const [name, option] = path.split(".") as [string, string | undefined];
    const trick = trickNamed(name);
    if (option === undefined && (value === "none" || value === false)) chosen.delete(name);
    else {
      const own = chosen.get(name) ?? {};
      if (!(option === undefined && value === true)) own[option ?? trick.main] = value;
      chosen.set(name, own);
    }
  }
  const tricks = [...chosen].map(([name, options]) => part("trick", { name, options }, trickNamed(name).options, {}));
  const kinds = new Map<string, string>();
  for (const { name, options } of tricks) {
    const trick = trickNamed(name);
    const { refuses }: AnyTrick = trick;
    const other = kinds.get(trick.kind);
    if (other && (trick.kind === "proxy" || trick.kind === "partition"))
      throw new AttarError(
        "bad-combination",
        `the tricks ${other} and ${name} cannot both be used`,
        `--set tricks.${other}=none`,
      );
    kinds.set(trick.kind, name);
    const reason =
      refuses?.(options, traits) ??
      (trick.kind === "regularisation" && trick.hypotheses > traits.hypotheses
        ? `it compares ${trick.hypotheses} hypotheses, the method has ${traits.hypotheses}`
        : undefined);
    if (reason)
      throw new AttarError(
        "bad-combination",
        `the trick ${name} makes no sense with ${method.name} here: ${reason}`,
        `leave it out, or take it away with --set tricks.${name}=none`,
      );
  }
  return tricks;
}

/** Settings by path, taken by head. */
class Paths {
  private readonly left: Map<string, OptionValue>;
  constructor(settings: Settings) {
    this.left = new Map(Object.entries(settings));
  }

  /** The settings under a head, by the rest of their path. */
  take(head: string): Record<string, OptionValue> {
    const own: Record<string, OptionValue> = Object.create(null);
    for (const [path, value] of [...this.left])
      if (path.startsWith(`${head}.`)) {
        own[path.slice(head.length + 1)] = value;
        this.left.delete(path);
      }
    return own;
  }

  /** @throws AttarError where a setting is left over. */
  refuseRest(method: string): void {
    for (const path of this.left.keys())
      throw unknownSetting(
        path,
        settingHeads.some((head) => path.startsWith(`${head}.`)) ? [] : settingHeads.map((h) => `${h}.…`),
        method,
      );
  }
}

function unknownSetting(path: string, known: readonly string[], method: string): AttarError {
  const guess = nearest(path, known);
  const list = known.length > 0 ? `it has ${known.join(", ")}` : "it has none of that kind";
  return new AttarError(
    "unknown-option",
    `${method} has no setting "${path}"`,
    guess ? `did you mean "${guess}"?` : `${list}; see attar methods ${method}`,
  );
}
