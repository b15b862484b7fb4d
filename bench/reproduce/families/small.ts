import { isBilevel, isMatch, type Method, methods } from "../../../src/methods/index.ts";
import type { Cell, Family } from "../cell.ts";
import { scoringOf } from "../scoring.ts";
import { makeCell, sizes } from "./makeCell.ts";

/** Every method of a kind at three sizes, by its recipe. */
function small(name: string, title: string, kind: (method: Method) => boolean, notes: readonly string[]): Family {
  const chosen = methods.filter(kind);
  return {
    name,
    title,
    notes,
    cells: sizes.flatMap(([dataset, ipc]) =>
      chosen.flatMap((method) => {
        const own = makeCell(method.name, dataset, ipc, {
          condense: [],
          evaluate: scoringOf(method, dataset, ipc, []),
        });
        return longScored(own) ? [own, { ...own, scoring: "1000-epochs", evaluate: authorsEpochs }] : [own];
      }),
    ),
  };
}

const authorsEpochs = ["--epochs", "1000", "--repeats", "3"];

/** Whether a set is scored after its authors' 1000 epochs as well. */
const longScored = ({ method, dataset, ipc }: Cell): boolean => method === "dsa" && dataset === "mnist" && ipc === 10;

export const dd = small("dd", "Distribution discrepancies, small", isMatch, [
  "Steps of condensation are those of the recipe `laptop`, fewer on Fashion-MNIST; the authors run many times as long.",
  "DSA's 10 images per class of MNIST are scored a second time after its authors' 1000 epochs, the same set.",
]);

export const bilevel = small("bilevel", "Bilevel methods, small", isBilevel, [
  "Steps of condensation are those of the recipe `laptop`, fewer on Fashion-MNIST; the authors run many times as long.",
]);
