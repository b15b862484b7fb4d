import type { DatasetInfo } from "../data/datasetInfo.ts";
import { arrayShape } from "../data/domain.ts";
import { criterionNamed, distanceNamed } from "../discrepancies/index.ts";
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
import { isCoreset, type Method, type Part, type Term } from "../methods/method.ts";
import { type PrivacySettings, privacySettings } from "../privacy/index.ts";
import { checkSpaceServes, initialisationNamed, labelOptions, spaceNamed } from "../synthetic/index.ts";
import { type MethodTraits, trickNamed } from "../tricks/index.ts";
import { viewNamed } from "../views/index.ts";
import { refuseOddParts, refuseOddTricks } from "./refusals.ts";
import type { ResolvedPart, ResolvedParts, ResolvedTerm } from "./resolvedParts.ts";
import { settingHeads } from "./settingHeads.ts";
import { updateOptions } from "./update.ts";

/** The circumstances that parts are checked against. */
export interface Surroundings {
  readonly dataset: DatasetInfo;
  /** The same as views see it: of its codes, where they look at these. */
  readonly looked: DatasetInfo;
  readonly ipc: number;
  readonly realBatch: number;
  readonly augmented: boolean;
  /** The name of the initialisation. */
  readonly initialisation: string;
  readonly steps: number;
}

type Settings = Readonly<Record<string, OptionValue>>;

const warmupOptions = {
  share: number(0, 0, 1, "share of a run's networks whose early steps are the warm-up, the first ones"),
  steps: integer(Number.MAX_SAFE_INTEGER, 0, undefined, "steps of such a network that are"),
} satisfies OptionRules;

/**
 * A method's parts with the settings' options, all checked.
 *
 * @param settings values by path
 * @throws AttarError (exit code 2) for a path no part has, a value out of range, or parts that do not go together
 */
export function resolveParts(method: Method, settings: Settings, around: Surroundings): ResolvedParts {
  const paths = new Paths(settings);
  const parts = isCoreset(method) ? chosenParts(method, paths, around) : movedParts(method, paths, around);
  paths.refuseRest(method.name);
  const { augmented, initialisation } = around;
  refuseTaught(method.name, parts, around.dataset);
  refuseOddParts({ ...parts, method: method.name, augmented, initialisation });
  return parts;
}

/** The parts of a coreset: its rule, and nothing that moves. */
function chosenParts(method: Method, paths: Paths, around: Surroundings): ResolvedParts {
  const { synthetic } = method;
  return {
    terms: [],
    synthetic: part("data space", synthetic, spaceNamed(synthetic.name).options, paths.take("synthetic")),
    hypotheses: { name: "none", options: {} },
    update: {},
    tricks: [],
    warmup: { share: 0, steps: 0 },
    ...labelsOfStill(method, paths.take("labels")),
    selection: startOf(method, paths, around),
  };
}

/** The labels of a set that never moves, where something is said of them. @throws AttarError "bad-combination" where they are to be learned */
function labelsOfStill({ name, labels: declared }: Method, given: OptionValues): Pick<ResolvedParts, "labels"> {
  if (!declared && Object.keys(given).length === 0) return {};
  const labels = resolveOptions("the labels", labelOptions, { ...declared, ...given });
  if (labels.learned)
    throw new AttarError(
      "bad-combination",
      `${name} takes no steps in which labels could be learned`,
      "--set labels.teacher=convnet, whose outputs are labels",
    );
  return { labels };
}

/** @throws AttarError "bad-combination" where a teacher is to label what has labels of its own, or no classes */
function refuseTaught(method: string, { labels }: ResolvedParts, { name, target }: DatasetInfo): void {
  if (!labels || (labels.teacher ?? "none") === "none" || (!labels.learned && !target)) return;
  throw new AttarError(
    "bad-combination",
    labels.learned
      ? `${method} learns its labels, which a teacher would replace`
      : `a teacher labels by classes, and the samples of ${name} have numbers to predict`,
    "--set labels.teacher=none",
  );
}

/** The initialisation with its options: those that the record declares for its own one, and those that were set. */
function startOf(
  { initialisation: declared }: Method,
  paths: Paths,
  { initialisation: name }: Surroundings,
): ResolvedPart {
  const rule = name === declared.name ? declared : { name };
  return part("initialisation", rule, initialisationNamed(name).options, paths.take("initialisation"));
}

/** A part that has an option of another value than its default. */
const isChanged = ({ options }: ResolvedPart, rules: OptionRules) =>
  Object.entries(options).some(([option, value]) => value !== rules[option]?.default);

/** The parts of a method that moves S. */
function movedParts(method: Method, paths: Paths, around: Surroundings): ResolvedParts {
  const { objective } = method;
  const source = sourceNamed(method.hypotheses.name);
  const space = spaceNamed(method.synthetic.name);
  checkSpaceServes(method.synthetic.name, around.dataset.domain.kind);
  const synthetic = part("data space", method.synthetic, space.options, paths.take("synthetic"));
  const extent = space.extent(synthetic.options, around.dataset, around.ipc);
  const traits: MethodTraits = {
    hypotheses: source.atOnce,
    subspace: source.subspace ?? false,
    imagesPerClass: extent.imagesPerClass,
    renderings: extent.renderings ?? 1,
    classes: around.dataset.classes.length,
    predictsValues: around.dataset.target !== undefined,
    whitened: around.looked.whitened,
    shape: arrayShape(around.looked.domain),
    realBatch: around.realBatch,
    startsFromImages: around.initialisation !== "noise" && extent.startImages === extent.imagesPerClass,
  };
  // What is seen was taken up before: it says what the other parts are for.
  paths.take("seen");
  const start = startOf(method, paths, around);
  const privacy = privacyOf(method, paths, around);
  return {
    terms: resolveTerms(method, "match" in objective ? objective.match : [], paths),
    synthetic,
    hypotheses: part("hypotheses", method.hypotheses, source.options, paths.take("hypotheses")),
    update: resolveOptions("the update", updateOptions, { ...method.update, ...paths.take("update") }),
    tricks: resolveTricks(method, paths.take("tricks"), traits),
    warmup: resolveOptions("the warm-up", warmupOptions, paths.take("warmup")),
    labels: resolveOptions("the labels", labelOptions, { ...method.labels, ...paths.take("labels") }),
    ...(isChanged(start, initialisationNamed(start.name).options) && { selection: start }),
    ...("solve" in objective && {
      solver: part("solver", objective.solve, solverNamed(objective.solve.name).options, paths.take("solver")),
      criterion: part(
        "criterion",
        objective.criterion,
        criterionNamed(objective.criterion.name).options,
        paths.take("criterion"),
      ),
    }),
    ...(privacy && { privacy }),
  };
}

/** Tells whether a run keeps privacy: where its record or a setting says so. */
export const isPrivate = ({ privacy }: Method, settings: Settings): boolean =>
  privacy !== undefined || Object.keys(settings).some((path) => path.startsWith("privacy."));

function privacyOf(method: Method, paths: Paths, around: Surroundings): PrivacySettings | undefined {
  const given = paths.take("privacy");
  if (!method.privacy && Object.keys(given).length === 0) return undefined;
  // One of the two says the noise: what was asked for replaces the other of the record.
  const { epsilon = 0, sigma = 0, ...declared } = method.privacy ?? {};
  const noise: OptionValues = "epsilon" in given || "sigma" in given ? {} : { epsilon, sigma };
  const { dataset, realBatch, steps } = around;
  return privacySettings(
    { ...declared, ...noise, ...given },
    {
      method: method.name,
      samples: dataset.counts.train.reduce((sum, n) => sum + n, 0),
      classes: dataset.classes.length,
      realBatch,
      steps,
    },
  );
}

function part(room: string, { name, options }: Part, rules: OptionRules, given: OptionValues): ResolvedPart {
  return { name, options: resolveOptions(`${room} "${name}"`, rules, { ...options, ...given }) };
}

function resolveTerms({ name }: Method, declared: readonly Term[], paths: Paths): ResolvedTerm[] {
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
  const terms = declared.map((term): ResolvedTerm => {
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
    for (const option of Object.keys(given))
      if (!used.has(`${room}.${option}`)) throw noSuch(name, declared, room, option);
  return terms;
}

const weightRule = { weight: number(1, 0) } satisfies OptionRules;

function noSuch(method: string, terms: readonly Term[], room: string, option: string): AttarError {
  const known =
    room === "weights"
      ? terms.map((t) => t.view.name)
      : terms.flatMap((t) =>
          Object.keys(room === "view" ? viewNamed(t.view.name).options : distanceNamed(t.discrepancy.name).options),
        );
  return unknownSetting(
    `${room}.${option}`,
    known.map((k) => `${room}.${k}`),
    method,
  );
}

/** Tricks of the declaration, then those of the settings: `tricks.<name>` sets the main option, `none` takes one away. */
function resolveTricks(method: Method, given: OptionValues, traits: MethodTraits): ResolvedPart[] {
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
  refuseOddTricks(method.name, tricks, traits);
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
