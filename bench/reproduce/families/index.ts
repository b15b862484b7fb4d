import { AttarError, nearest } from "../../../src/engine/index.ts";
import { type Cell, type Family, nameOf } from "../cell.ts";
import { paper, quality } from "./longer.ts";
import { bilevel, dd } from "./small.ts";
import { subsets } from "./subsets.ts";

export const families: readonly Family[] = [subsets, dd, bilevel, quality, paper];

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
