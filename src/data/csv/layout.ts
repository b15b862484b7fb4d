import { badData } from "../badData.ts";
import { listed } from "../reading.ts";
import type { ReadOptions } from "../readOptions.ts";
import { Column, type ColumnSurvey, isMissing } from "./columns.ts";
import { categoriesOf, refuseStrayCells } from "./featureKinds.ts";
import { headerOf } from "./header.ts";
import { type Candidate, type Choice, called, chooseLabel, chooseNumbers, typed, unlikely } from "./labelColumn.ts";

/** What a format says of its columns, where it says more than cells. */
export interface Declared {
  /** Positions of columns of categories. */
  readonly categories?: readonly number[];
  /** The column that is the label where nobody names one, and why. */
  readonly label?: { readonly at: number; readonly why: string };
  /** What of the file is left out, a sentence each. */
  readonly notes?: readonly string[];
}

/** The roles of a CSV's columns. */
export interface Layout {
  /** True where the first record holds names. */
  readonly header: boolean;
  readonly names?: readonly string[];
  /** Positions of the features, from 0, and of the label. */
  readonly features: readonly number[];
  /** Positions of the features that are categories. */
  readonly categories: ReadonlySet<number>;
  readonly label: number;
  /** Positions of the numbers to predict, the label among them, where values are predicted. */
  readonly targets?: readonly number[];
  readonly rows: number;
  /** The label column in words, and why it is. */
  readonly labels: string;
  readonly notes: readonly string[];
  readonly columns: readonly Column[];
}

const numbering = /^(id|ids|index|idx|row|row_?id|row_?names?|no|nr|unnamed:_0|.+_id|image_?id)$/;
const numbersRows = (name: string | undefined) =>
  name !== undefined && numbering.test(name.toLowerCase().replaceAll(" ", "_"));
/** A first column without a name that counts up over fewer rows may be a feature. */
const leastCounted = 5;

/** Tells whether a column of that name is one whose values must be counted. */
export const isIdName = (name: string): boolean => name === "" || numbersRows(name);

/**
 * Decides which column of a CSV is the label, which are features and which number the rows.
 *
 * @throws AttarError "bad-data" naming the column that was taken, and the option that says otherwise
 */
export function layoutOf(
  survey: ColumnSurvey,
  separator: string,
  where: string,
  options: ReadOptions,
  declared: Declared = {},
): Layout {
  if (survey.columns.length === 0) throw badData(where, "the table is empty", "Add a header and rows to it.");
  const header = headerOf(survey, separator, options);
  const { uneven, firstLine } = survey;
  if (uneven)
    throw badData(
      where,
      `line ${uneven.line} has ${uneven.width} columns, line ${firstLine} has ${survey.columns.length}`,
      "Each row has as many cells as the first; a cell that holds the separator stands between quotes.",
    );
  const columns = header.first ? survey.columns : survey.columns.map((c, i) => withFirst(c, survey, i));
  const rows = survey.rows + (header.first ? 0 : 1);
  if (rows === 0) throw badData(where, "the table has a header and no rows", "Add the rows below the header.");
  const all = columns.map((column, at): Candidate => ({ at, column, name: header.names?.[at]?.trim() }));
  const notes = [...(header.note ? [header.note] : []), ...(declared.notes ?? [])];
  const dropped = options.drop ? named(all, options.drop, where) : guessedDrops(all, rows, options, notes);
  const left = all.filter((candidate) => !dropped.includes(candidate));
  if (left.length < 2) throw badData(where, `has ${left.length} columns, a CSV needs features and a label`, oneColumn);
  const predicted = options.target === "values" ? numbersToPredict(left, all, options.label, where) : undefined;
  const choice = predicted
    ? { chosen: predicted.chosen[0]!, why: predicted.why }
    : options.label !== undefined
      ? said(left, all, options.label, where)
      : declared.label && left.some(({ at }) => at === declared.label!.at)
        ? { chosen: all[declared.label.at]!, why: declared.label.why }
        : chooseLabel(left, where);
  const { chosen, why } = choice;
  refuseTwins(left, predicted?.chosen ?? [chosen], where);
  notes.push(...twinNotes(left));
  const features = left.filter((candidate) => candidate !== chosen && !predicted?.chosen.includes(candidate));
  if (features.length === 0) throw badData(where, "has no features beside the numbers to predict", oneColumn);
  const asked = options.categories ? named(all, options.categories, where, "--categories") : [];
  const categories = categoriesOf(features, [...asked.map(({ at }) => at), ...(declared.categories ?? [])], where);
  refuseStrayCells(features, categories, chosen, where);
  return {
    header: header.first,
    ...(header.names && { names: header.names.map((name) => name.trim()) }),
    features: features.map(({ at }) => at),
    categories,
    label: chosen.at,
    ...(predicted && { targets: predicted.chosen.map(({ at }) => at) }),
    rows,
    labels: `${(predicted?.chosen ?? [chosen]).map(called).join(", ")}, ${why}`,
    notes,
    columns,
  };
}

const oneColumn = "Cells are separated by commas, semicolons or tabs.";

/** The column with the first record's cell on top. */
function withFirst(below: Column, { first, firstLine }: ColumnSurvey, at: number): Column {
  const text = first[at]!;
  const column = Object.assign(new Column(false), below);
  const value = isMissing(text) ? Number.NaN : Number(text);
  column.values = below.values && new Map(below.values);
  if (Number.isNaN(value)) {
    column.text(text, firstLine);
    if (isMissing(text)) [column.missingAt, column.missingText] = [firstLine, text];
    else [column.textAt, column.firstText] = [firstLine, text];
    column.climbs = false;
    return column;
  }
  column.number(value);
  column.climbs = below.climbs && (below.numbers === 0 || below.first === value + 1);
  column.first = value;
  return column;
}

function named(all: readonly Candidate[], words: readonly string[], where: string, option = "--drop"): Candidate[] {
  if (words.length === 1 && words[0] === "none" && !all.some(({ name }) => name === "none")) return [];
  return words.flatMap((word) => {
    const twins = all.filter(({ name }) => name === word);
    return twins.length > 0 ? twins : [find(all, word, option, where)];
  });
}

/** Refuses a label whose column's name another one has, too: which is which is a guess, and the other may give it away. */
function refuseTwins(left: readonly Candidate[], chosen: readonly Candidate[], where: string): void {
  for (const label of chosen) {
    const twin = left.find((one) => one !== label && label.name && one.name === label.name);
    if (twin)
      throw badData(
        where,
        `${called(label)} and ${called(twin)} have one name, and one of them is the label`,
        `Name them by their numbers, for example --label ${label.at + 1} --drop ${twin.at + 1}`,
      );
  }
}

/** What is said of features whose names are alike. */
function twinNotes(left: readonly Candidate[]): string[] {
  const places = new Map<string, number[]>();
  for (const { name, at } of left) if (name) places.set(name, [...(places.get(name) ?? []), at + 1]);
  return [...places]
    .filter(([, own]) => own.length > 1)
    .map(([name, own]) => `columns ${own.join(" and ")} have one name, ${JSON.stringify(name)}`);
}

function find(all: readonly Candidate[], word: string, option: string, where: string): Candidate {
  const number = /^\d+$/.test(word) ? all[Number(word) - 1] : undefined;
  const found =
    all.find(({ name }) => name === word) ??
    all.find(({ name }) => name?.toLowerCase() === word.toLowerCase()) ??
    number;
  if (found) return found;
  const names = all.flatMap(({ name }) => (name ? [name] : []));
  throw badData(
    where,
    names.length > 0
      ? `there is no column "${word}", they are ${listed(names)}`
      : `there is no column "${word}", the file has ${all.length} without names`,
    `for example ${option} ${typed(all.at(-1)!)}`,
  );
}

/** Columns that only number the rows, and empty ones without a name. */
function guessedDrops(all: readonly Candidate[], rows: number, options: ReadOptions, notes: string[]): Candidate[] {
  const dropped: Candidate[] = [];
  const leave = (candidate: Candidate, why: string) => {
    dropped.push(candidate);
    notes.push(`${called(candidate)} is left out: ${why} (--drop none keeps it)`);
  };
  for (const candidate of all) {
    const { at, name, column } = candidate;
    if (options.label !== undefined && (name === options.label || String(at + 1) === options.label)) continue;
    const whole = column.numbers === rows && column.wholes === rows;
    const unique = whole && column.values?.size === rows;
    if (column.missing === rows) {
      if (!name) leave(candidate, "it is empty");
    } else if (rows < 2 || !whole) continue;
    else if (name === undefined || /^\d+$/.test(name)) {
      if (at === 0 && rows >= leastCounted && column.climbs && (column.first === 0 || column.first === 1))
        leave(candidate, `it counts the rows from ${column.first}`);
    } else if (name === "" ? at === 0 && (column.climbs || unique) : numbersRows(name) && (column.climbs || unique))
      leave(candidate, `it numbers the rows, ${column.climbs ? `from ${column.first} on` : "no number twice"}`);
  }
  return dropped;
}

/** The columns of numbers to predict: those that a person named, or the one that `chooseNumbers` takes. */
function numbersToPredict(
  left: readonly Candidate[],
  all: readonly Candidate[],
  label: string | undefined,
  where: string,
): { chosen: readonly Candidate[]; why: string } {
  if (label === undefined) {
    const { chosen, why } = chooseNumbers(left, where);
    return { chosen: [chosen], why };
  }
  const words = all.some(({ name }) => name === label) ? [label] : label.split(",").map((word) => word.trim());
  const chosen = [...new Set(words.map((word) => find(all, word, "--label", where)))];
  for (const candidate of chosen) {
    if (!left.includes(candidate))
      throw badData(where, `${called(candidate)} is both the label and dropped`, "leave it out of --drop");
    const { texts, firstText, missing, missingAt } = candidate.column;
    if (texts > 0)
      throw badData(
        where,
        `${called(candidate)} holds "${firstText.slice(0, 40)}", no number to predict`,
        "Name a column of numbers, or leave --target out to read classes.",
      );
    if (missing > 0)
      throw badData(
        where,
        `line ${missingAt} has no number in ${called(candidate)}`,
        "Fill in or drop the rows without a number to predict first.",
      );
  }
  return { chosen, why: "as --label says" };
}

/** The label column that a person named. */
function said(left: readonly Candidate[], all: readonly Candidate[], word: string, where: string): Choice {
  const chosen = find(all, word, "--label", where);
  if (!left.includes(chosen))
    throw badData(where, `${called(chosen)} is both the label and dropped`, `leave it out of --drop`);
  const { values, numbers, texts, wholes } = chosen.column;
  const many = !values || values.size * 4 > numbers + texts;
  const reason = numbers > wholes && many ? unlikely(chosen) : values?.size === 1 ? unlikely(chosen, 1) : undefined;
  if (reason)
    throw badData(
      where,
      `${called(chosen)} cannot be the label: ${reason}`,
      `Name the column that holds the classes${numbers > wholes ? "; or predict its numbers: --target values" : ""}.`,
    );
  return { chosen, why: "as --label says" };
}

/** Tells whether a table is more than numbers: it has categories, or lacks values. */
export const isMixed = ({
  features,
  categories,
  columns,
}: Pick<Layout, "features" | "categories" | "columns">): boolean =>
  categories.size > 0 || features.some((at) => columns[at]!.missing > 0);

/**
 * Refuses features that are no numbers, or lack some, where only numbers will do.
 *
 * @throws AttarError "bad-data" naming the first such cell
 */
export function refuseMixed({ features, columns, names, label }: Layout, where: string): void {
  const of = (at: number): Candidate => ({ at, column: columns[at]!, name: names?.[at] });
  const own = features.map(of);
  const texts = own.filter(({ column }) => column.texts > 0);
  const [first] = texts;
  if (first)
    throw badData(
      where,
      `line ${first.column.textAt}, ${called(first)}: "${first.column.firstText.slice(0, 40)}" is not a finite number (the label is ${called(of(label))})`,
      `Name the label or leave columns out: --label ${typed(of(label))} --drop ${texts.map(typed).join(",")}`,
    );
  const lacking = own.find(({ column }) => column.missing > 0);
  if (lacking)
    throw badData(
      where,
      `line ${lacking.column.missingAt}, ${called(lacking)}: ${lacking.column.missingText ? `"${lacking.column.missingText}"` : "a missing value"} is not a finite number`,
      `Fill in or drop the rows with missing values first, or leave the column out: --label ${typed(of(label))} --drop ${typed(lacking)}`,
    );
}
