import { badData } from "../badData.ts";
import { listed } from "../reading.ts";
import type { Column } from "./columns.ts";
import type { Layout } from "./layout.ts";
import type { CsvSurvey } from "./table.ts";

/** The roles of another split's columns, in the order of the training split's. */
export interface OtherLayout {
  readonly header: boolean;
  readonly features: readonly number[];
  /** Undefined where the file has no label column. */
  readonly label?: number;
  /** The numbers to predict, in the order of the training split's; undefined where any is absent. */
  readonly targets?: readonly number[];
  readonly rows: number;
  readonly columns: readonly Column[];
}

/**
 * Finds the training split's columns in another split: by name where both have names, else by position.
 *
 * @throws AttarError "bad-data" where a feature is not there
 */
export function layoutLike(survey: CsvSurvey, train: Layout, where: string): OtherLayout {
  const { first, columns, rows, uneven, firstLine } = survey.columns;
  if (uneven)
    throw badData(
      where,
      `line ${uneven.line} has ${uneven.width} columns, line ${firstLine} has ${columns.length}`,
      "Each row has as many cells as the first.",
    );
  const own = first.map((name) => name.trim());
  const wanted = train.features.map((at) => train.names?.[at] ?? "");
  const header = train.header && wanted.some((name) => name !== "" && own.includes(name));
  const shared = { header, rows: rows + (header ? 0 : 1), columns };
  if (header && own.join("\n") !== train.names?.join("\n")) {
    const absent = wanted.filter((name) => !own.includes(name));
    if (absent.length > 0)
      throw badData(where, `lacks the columns ${listed(absent)} of the training split`, "Give both splits one header.");
    const label = own.indexOf(train.names![train.label]!);
    const targets = train.targets?.map((at) => own.indexOf(train.names![at]!));
    return {
      ...shared,
      features: wanted.map((name) => own.indexOf(name)),
      ...(label >= 0 && { label }),
      ...(targets?.every((at) => at >= 0) && { targets }),
    };
  }
  const width = train.columns.length;
  const { label, targets = [label] } = train;
  if (columns.length === width)
    return { ...shared, features: train.features, label, ...(train.targets && { targets: train.targets }) };
  if (columns.length === width - targets.length) {
    const before = (at: number) => at - targets.filter((target) => target < at).length;
    return { ...shared, features: train.features.map(before) };
  }
  throw badData(
    where,
    `has ${columns.length} columns, the training split has ${width}`,
    "Give both splits the same columns.",
  );
}

/** @throws AttarError "bad-data" naming the first cell of a feature that is no number */
export function refuseOddCells(columns: readonly Column[], features: readonly number[], where: string): void {
  for (const at of features) {
    const { texts, textAt, firstText, missing, missingAt } = columns[at]!;
    if (texts + missing === 0) continue;
    throw badData(
      where,
      `line ${texts > 0 ? textAt : missingAt}, column ${at + 1}: ${texts > 0 ? `"${firstText.slice(0, 40)}"` : "a missing value"} is not a finite number`,
      "Fill in or drop the rows with missing values first.",
    );
  }
}
