import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { methodFrom } from "../../condense/index.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { datasetInfo, knownDataset, readCondensed, readRaw } from "../../data/index.ts";
import { AttarError } from "../../engine/errors.ts";
import { parseNetwork } from "../../hypotheses/index.ts";
import { type Method, methodNamed } from "../../methods/index.ts";
import { coresetRules } from "../../synthetic/index.ts";
import { layoutNamed } from "../import/index.node.ts";
import { type Survey, survey } from "../import/survey.node.ts";
import { parseObjective } from "../objectives/registry.ts";
import { sha256Of } from "../plan/key.node.ts";
import { parseStudy } from "./parseStudy.ts";
import { readJson } from "./readJson.node.ts";
import type { Refusal, ResolvedStudy, StudyDataset, StudyNetwork, Subject } from "./resolved.ts";
import { isFor, type ListedLayout, type ListedMethod, type Study } from "./schema.ts";
import { settingsOf } from "./settings.ts";

/**
 * Reads a study and finds everything that it names: records of methods, files of sets, facts of datasets. Paths in it start from
 * its own folder.
 *
 * @throws AttarError "bad-study" with the field, and as what it names does
 */
export async function readStudy(file: string): Promise<ResolvedStudy> {
  const study = parseStudy(readJson(file, "study"), file);
  return resolveStudy(study, file);
}

/** Finds the facts of a dataset by its name or path. */
type InfoOf = typeof datasetInfo;

/**
 * As {@link readStudy}, of a study that was read already.
 *
 * @param file where it is, for paths and errors
 * @param infoOf where the facts of datasets come from
 */
export async function resolveStudy(study: Study, file: string, infoOf: InfoOf = datasetInfo): Promise<ResolvedStudy> {
  const folder = dirname(resolve(file));
  const subjects: Subject[] = [];
  for (const [i, listed] of study.methods.entries())
    subjects.push(
      await subjectOf(typeof listed === "string" ? { name: listed } : listed, study, folder, `${file}: methods[${i}]`),
    );
  refuseTwice(
    subjects.map(({ label }) => label),
    "methods",
    file,
    'give one of them a name of its own: "as"',
  );
  const datasets: StudyDataset[] = [];
  for (const listed of study.datasets)
    datasets.push(await datasetOf(typeof listed === "string" ? { name: listed } : listed, folder, file, infoOf));
  refuseTwice(
    datasets.map(({ label }) => label),
    "datasets",
    file,
    "name each once",
  );
  const networks = networksOf(study.networks ?? [], `${file}: networks`);
  const protocols = study.protocols.map((protocol, i) => ({
    protocol,
    ...(protocol.networks && { networks: networksOf(protocol.networks, `${file}: protocols[${i}].networks`) }),
  }));
  const objectives = study.objectives.map((text, i) => at(`${file}: objectives[${i}]`, () => parseObjective(text)));
  const known = { methods: subjects.map(({ label }) => label), datasets: datasets.map(({ label }) => label) };
  checkAxes(study, file, known);
  checkProtocols(study, file, known);
  const read = await Promise.all(subjects.map((subject) => surveyed(subject, datasets)));
  const { budget } = study;
  if (budget !== undefined) checkBudget(read, study, file);
  const spent = budget !== undefined && { budget };
  return { study, ...spent, file, subjects: read, datasets, networks, protocols, objectives };
}

/** A set in its authors' layout, read for every dataset of a study; any other subject as it is. */
async function surveyed(subject: Subject, datasets: readonly StudyDataset[]): Promise<Subject> {
  const { made } = subject;
  const { foreign } = made.by === "import" ? made.file : {};
  if (made.by !== "import" || !foreign) return subject;
  const { path } = made.file;
  const surveys = new Map<string, Survey | Refusal>();
  for (const { label, info, refused } of datasets)
    surveys.set(label, info ? await surveyOf(path, info, foreign.layout).catch(refusalOf) : refused!);
  const first = [...surveys.values()].find((one): one is Survey => "content" in one);
  const sha256 = made.file.sha256 || (first?.content ?? "");
  return { ...subject, made: { by: "import", file: { ...made.file, sha256, foreign: { ...foreign, surveys } } } };
}

async function surveyOf(path: string, info: DatasetInfo, layout: ListedLayout): Promise<Survey> {
  const { name, classes, domain, target } = info;
  if (target || domain.kind !== "image")
    throw new AttarError("bad-option", `sets of images are taken in, and ${name} has other samples`);
  return survey(path, { name, classes, shape: arrayShape(domain) }, layout);
}

const networksOf = (texts: readonly string[], where: string): StudyNetwork[] =>
  texts.map((text, i) => ({ text, spec: at(`${where}[${i}]`, () => parseNetwork(text)) }));

async function subjectOf(listed: ListedMethod, study: Study, folder: string, where: string): Promise<Subject> {
  const given = (["name", "file", "record", "import"] as const).filter((key) => listed[key] !== undefined);
  if (given.length !== 1)
    throw new AttarError(
      "bad-study",
      `${where} must have one of name, file, record and import, and has ${given.length === 0 ? "none" : given.join(" and ")}`,
      'for example {"name": "dm", "set": {"steps": 100}}',
    );
  if (listed.layout !== undefined && listed.import === undefined)
    throw new AttarError("bad-study", `${where} has a layout and imports nothing`, 'name the file: "import": "set.pt"');
  const claimed = [listed.claimed ?? []].flat();
  if (listed.import !== undefined) {
    const path = resolve(folder, listed.import);
    if (listed.layout !== undefined) {
      const layout = typeof listed.layout === "string" ? { name: listed.layout } : listed.layout;
      at(`${where}.layout`, () => layoutNamed(layout.name));
      if ((layout.mean === undefined) !== (layout.std === undefined))
        throw new AttarError(
          "bad-study",
          `${where}.layout has one of mean and std, which go together`,
          'for example "mean": [0.1307], "std": [0.3081]',
        );
      if (!existsSync(path))
        throw new AttarError("absent-file", `${where}: there is no file or folder ${path}`, "check the path");
      const label = listed.as ?? nameOfFile(listed.import);
      const sha256 = statSync(path).isFile() ? sha256Of(await found(() => readRaw(path), where)) : "";
      const file = { path, sha256, foreign: { layout, surveys: new Map() } };
      return { label, title: label, made: { by: "import", file }, claimed };
    }
    const file = existsSync(path) && statSync(path).isDirectory() ? resolve(path, "condensed.safetensors") : path;
    const sha256 = sha256Of(await found(() => readRaw(file), where));
    const { ipc } = await found(() => readCondensed(file), where);
    const label = listed.as ?? nameOfFile(listed.import);
    return { label, title: label, made: { by: "import", file: { path: file, sha256, ipc } }, claimed };
  }
  const { method, record } = at(where, () => methodOf(listed, folder));
  const options = { preset: listed.preset ?? study.preset, ...settingsOf(listed.set ?? {}, `${where}.set`) };
  const { network, ...rest } = options;
  const spec = network === undefined ? undefined : at(`${where}.set.net`, () => parseNetwork(network));
  return {
    label: listed.as ?? method.name,
    title: method.title,
    made: {
      by: "method",
      method,
      named: record ?? method.name,
      options,
      given: { ...rest, ...(spec && { network: spec }), ...(record && { record }) },
    },
    claimed,
  };
}

function methodOf(listed: ListedMethod, folder: string): { method: Method; record?: Method } {
  if (listed.name !== undefined) return { method: methodNamed(listed.name) };
  const record = methodFrom(listed.record ?? readJson(resolve(folder, listed.file!), "file of a method"));
  return { method: record, record };
}

const nameOfFile = (path: string) =>
  path
    .split("/")
    .filter((part) => part !== "" && part !== ".." && part !== ".")
    .at(-1)!
    .replace(/\.(safetensors|npz|pth?)$/, "")
    .replace(/[^\w.=+:,-]/g, "_");

async function datasetOf(
  { name, path, reading }: { name: string; path?: string; reading?: StudyDataset["source"]["reading"] },
  folder: string,
  file: string,
  infoOf: InfoOf,
): Promise<StudyDataset> {
  if (path === undefined && !knownDataset(name) && !existsSync(resolve(folder, name)))
    throw await unknownDataset(name, file);
  const source = {
    name: path === undefined && knownDataset(name) ? name : resolve(folder, path ?? name),
    ...(reading && { reading }),
  };
  try {
    return { label: name, source, info: await infoOf(source.name, reading) };
  } catch (error) {
    return { label: name, source, refused: refusalOf(error) };
  }
}

/** The error of a name that is neither a known dataset's nor a path. */
async function unknownDataset(name: string, file: string): Promise<AttarError> {
  const error = await datasetInfo(name).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const { message, hint } = error instanceof AttarError ? error : new AttarError("", `there is no dataset "${name}"`);
  return new AttarError("bad-study", `${file}: datasets: ${message}`, hint);
}

/** An error that a person caused, as a reason; others are thrown on. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof AttarError)) throw error;
  return { code: error.code, message: error.message };
}

/** Does something, and says in its error where in the study it was. */
function at<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placed(error, where);
  }
}

const found = <T>(work: () => Promise<T>, where: string): Promise<T> =>
  work().catch((error) => {
    throw placed(error, where);
  });

const placed = (error: unknown, where: string): unknown =>
  error instanceof AttarError ? new AttarError(error.code, `${where}: ${error.message}`, error.hint) : error;

function refuseTwice(labels: readonly string[], axis: string, file: string, hint: string): void {
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new AttarError("bad-study", `${file}: ${axis} has "${twice}" twice`, hint);
}

/** Refuses protocols that say two lengths, a rule that does not exist, or that name one set's networks alike. */
function checkProtocols(study: Study, file: string, known: { methods: string[]; datasets: string[] }): void {
  for (const [i, { epochs, steps, baselines = [] }] of study.protocols.entries()) {
    if (epochs !== undefined && steps !== undefined)
      throw new AttarError(
        "bad-study",
        `${file}: protocols[${i}] has epochs and steps, which say one thing`,
        "leave one of them out",
      );
    for (const rule of baselines)
      if (!coresetRules.some((known) => known === rule))
        throw new AttarError(
          "bad-study",
          `${file}: protocols[${i}].baselines names "${rule}", which is no rule of coresets`,
          `rules: ${coresetRules.join(", ")}`,
        );
  }
  for (const method of known.methods)
    for (const dataset of known.datasets)
      for (const ipc of study.ipc) {
        const names = study.protocols.filter((one) => isFor(one, method, dataset, ipc)).map(({ name }) => name);
        const twice = names.find((name, i) => names.indexOf(name) !== i);
        if (twice !== undefined)
          throw new AttarError(
            "bad-study",
            `${file}: protocols has "${twice}" twice for ${method}/${dataset}/ipc${ipc}`,
            'give each a name of its own, or say which sets it is for: "for": {"ipc": [1]}',
          );
      }
}

/** Refuses what says twice how long a cell takes. */
function checkBudget(subjects: readonly Subject[], { explore }: Study, file: string): void {
  if (explore)
    throw new AttarError(
      "bad-study",
      `${file}: budget and explore are two ways to say how long`,
      "leave budget out: explore has its own",
    );
  const fixed = subjects.find(({ made }) => made.by === "method" && made.options.steps !== undefined);
  if (fixed)
    throw new AttarError(
      "bad-study",
      `${file}: ${fixed.label} sets its steps, which follow from the budget`,
      'leave "steps" out of its "set", or budget out of the study',
    );
}

/** Refuses tiers and exclusions that name what the study has not. */
function checkAxes(study: Study, file: string, known: { methods: string[]; datasets: string[] }): void {
  const axes: Readonly<Record<string, readonly (string | number)[] | undefined>> = {
    ...known,
    ipc: study.ipc,
    seeds: study.seeds,
    networks: study.networks && [...study.networks, ...study.protocols.flatMap((one) => one.networks ?? [])],
    protocols: study.protocols.map(({ name }) => name),
  };
  const parts = [
    ...Object.entries(study.tiers).map(([name, part]) => [`tiers.${name}`, part] as const),
    ...study.exclude.map((part, i) => [`exclude[${i}]`, part] as const),
    ...study.protocols.map((one, i) => [`protocols[${i}].for`, one.for ?? {}] as const),
  ];
  for (const [where, part] of parts)
    for (const [axis, asked] of Object.entries(part)) {
      const has = axes[axis];
      if (!Array.isArray(asked) || !has) continue;
      const lost = asked.find((one) => !has.includes(one));
      if (lost !== undefined)
        throw new AttarError(
          "bad-study",
          `${file}: ${where}.${axis} names "${lost}", which the study has not`,
          `${axis}: ${has.join(", ")}`,
        );
    }
}
