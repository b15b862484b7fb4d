import { badData } from "../badData.ts";
import { listed } from "../reading.ts";
import type { Column, ColumnSurvey } from "./columns.ts";
import type { Layout } from "./layout.ts";

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
export function layoutLike(survey: ColumnSurvey, train: Layout, where: string): OtherLayout {
  const { first, columns, rows, uneven, firstLine } = survey;
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

/**
 * Refuses cells of another split that are not what the training split's columns are: texts and infinities among numbers, and
 * missing numbers to predict.
 *
 * @throws AttarError "bad-data" naming the first such cell
 */
export function refuseOddCells({ columns, features, targets = [] }: OtherLayout, train: Layout, where: string): void {
  const numbers = features.filter((_, i) => !train.categories.has(train.features[i]!));
  for (const at of [...numbers, ...targets]) {
    const { texts, textAt, firstText, missing, missingAt, infinite } = columns[at]!;
    if (texts + infinite === 0 && (missing === 0 || !targets.includes(at))) continue;
    throw badData(
      where,
      `line ${texts > 0 ? textAt : missingAt}, column ${at + 1}: ${texts > 0 ? `"${firstText.slice(0, 40)}"` : infinite > 0 ? "an infinite value" : "a missing value"} is not a finite number`,
      "Mend the cell or leave out the row first.",
    );
  }
}
