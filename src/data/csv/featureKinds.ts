import { badData } from "../badData.ts";
import { type Candidate, called, typed } from "./labelColumn.ts";

/** The most levels that a column of categories may have: each is a feature. */
const mostLevels = 100;

/** Positions of the features that are categories: those that a person or the format names, and columns of texts alone. */
export function categoriesOf(
  features: readonly Candidate[],
  named: readonly number[],
  where: string,
): ReadonlySet<number> {
  const categories = features.filter(
    ({ at, column }) => named.includes(at) || (column.texts > 0 && column.numbers === 0),
  );
  for (const candidate of categories) {
    const { values, cells } = candidate.column;
    if (values && values.size <= mostLevels) continue;
    throw badData(
      where,
      `${called(candidate)} has ${values ? values.size : "too many"} different values in ${cells} rows, and a column of categories has at most ${mostLevels}`,
      `Leave it out: --drop ${typed(candidate)}`,
    );
  }
  return new Set(categories.map(({ at }) => at));
}

/**
 * Refuses features that hold both numbers and texts, that hold nothing, or numbers that 32-bit floats do not hold.
 *
 * @throws AttarError "bad-data" naming line and column
 */
export function refuseStrayCells(
  features: readonly Candidate[],
  categories: ReadonlySet<number>,
  label: Candidate,
  where: string,
): void {
  const numbers = features.filter(({ at }) => !categories.has(at));
  const stray = numbers.find(({ column }) => column.texts > 0);
  if (stray)
    throw badData(
      where,
      `line ${stray.column.textAt}, ${called(stray)}: "${stray.column.firstText.slice(0, 40)}" is not a finite number, as ${stray.column.numbers} other cells of it are (the label is ${called(label)})`,
      `Mend the cell or leave the column out: --drop ${typed(stray)}; or read its values as categories: --categories ${typed(stray)}`,
    );
  const endless = numbers.find(
    ({ column: { infinite, high, low, numbers } }) =>
      infinite > 0 || (numbers > 0 && !(Number.isFinite(Math.fround(high)) && Number.isFinite(Math.fround(low)))),
  );
  if (endless)
    throw badData(
      where,
      endless.column.infinite > 0
        ? `line ${endless.column.missingAt} or below, ${called(endless)}: an infinite value is not a finite number`
        : `${called(endless)} holds a number too large for 32-bit floats`,
      `Mend or scale the column first, or leave it out: --drop ${typed(endless)}`,
    );
  const empty = features.find(({ column: { numbers, texts } }) => numbers + texts === 0);
  if (empty) throw badData(where, `${called(empty)} is empty`, `Leave it out: --drop ${typed(empty)}`);
}
