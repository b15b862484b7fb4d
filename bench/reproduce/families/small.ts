import { isBilevel, isMatch, type Method, methods } from "../../../src/methods/index.ts";
import type { Cell, Family } from "../cell.ts";
import { hyperparameters } from "../recipe.ts";
import { scoringOf } from "../scoring.ts";
import { makeCell, sizes } from "./makeCell.ts";

/** Methods whose steps are few: half of them on Fashion-MNIST would leave S where it starts. */
const unhalved = new Set(["dsa", "lcmat", "nsd"]);

/**
 * Every method of a kind at three sizes. `share` of the preset's steps bounds the time; Fashion-MNIST gets half, except of
 * `unhalved`.
 */
function small(
  name: string,
  title: string,
  kind: (method: Method) => boolean,
  share: number,
  notes: readonly string[],
): Family {
  const chosen = methods.filter(kind);
  return {
    name,
    title,
    notes,
    cells: sizes.flatMap(([dataset, ipc]) =>
      chosen.flatMap((method) => {
        const part = dataset === "fashion-mnist" && !unhalved.has(method.name) ? share / 2 : share;
        const steps = Math.max(1, Math.round(part * hyperparameters(method.name, "laptop", dataset, ipc).steps));
        const condense = ["--steps", String(steps)];
        const own = makeCell(method.name, dataset, ipc, {
          condense,
          evaluate: scoringOf(method, dataset, ipc, condense),
        });
        return longScored(own) ? [own, { ...own, scoring: "1000-epochs", evaluate: authorsEpochs }] : [own];
      }),
    ),
  };
}

const authorsEpochs = ["--epochs", "1000", "--repeats", "3"];

/** Whether a set is scored after its authors' 1000 epochs as well. */
const longScored = ({ method, dataset, ipc }: Cell): boolean => method === "dsa" && dataset === "mnist" && ipc === 10;

export const dd = small("dd", "Distribution discrepancies, small", isMatch, 0.4, [
  "Steps of condensation: 40 % of the preset `laptop`, half as many on Fashion-MNIST (but for DSA and LCMat); the authors run many times as long.",
  "DSA's 10 images per class of MNIST are scored a second time after its authors' 1000 epochs, the same set.",
]);

export const bilevel = small("bilevel", "Bilevel methods, small", isBilevel, 0.6, [
  "Steps of condensation: 60 % of the preset `laptop`, half as many on Fashion-MNIST (but for NSD); the authors run many times as long.",
]);
