import type { Recipe } from "../../../src/hypotheses/index.ts";
import type { Kept } from "../currency.ts";
import { accuracyOf, isUnverified } from "../lead.ts";
import { seenOnTest } from "../seenOnTest.ts";
import { tableText } from "./sections.ts";

/** The sizes at which every method is run. */
const sizes = [
  ["mnist", 1],
  ["mnist", 10],
  ["fashion-mnist", 10],
] as const;
const titles = ["MNIST, 1 image a class", "MNIST, 10 images", "Fashion-MNIST, 10 images"];

const mean = (row: Kept | undefined): number => (row ? row.result.accuracy.mean : 0);

/** The page of docs/results that holds every method at three sizes. */
export function methodsPage(rows: readonly Kept[], subsets: readonly Kept[]): string {
  return [
    "# Every method, in minutes on two cores",
    "",
    "Accuracy in per cent on the test split, the authors' figures in brackets. Laptop presets, three networks a cell (`random` and `kmeans` five, with a draw for each), 300 gradient steps at one image a class and 200 at ten, where no mark says otherwise. Commands, commits, what sets a run apart from the authors', and leads over subsets that are trained alike stand in the rows of [dd](dd.md), [bilevel](bilevel.md) and [subsets](subsets.md).",
    "",
    methodsTable(rows, subsets),
    "",
    "Written by `npm run reproduce -- --tables`.",
    "",
  ].join("\n");
}

/** Every method and subset at three sizes, methods by their accuracy at the first one; and what the marks mean. */
export function methodsTable(rows: readonly Kept[], subsets: readonly Kept[]): string {
  const at = (all: readonly Kept[], method: string) =>
    sizes.map(([dataset, ipc]) =>
      all.find(({ cell }) => cell.method === method && cell.dataset === dataset && cell.ipc === ipc),
    );
  const usual = subsets.filter(({ cell }) => cell.scoring === undefined);
  const plain = rows.filter(({ cell }) => cell.scoring === undefined && cell.variant === undefined);
  const names = (all: readonly Kept[]) => [...new Set(all.map(({ cell }) => cell.method))];
  const methods = names(plain)
    .map((name) => ({ name: `\`${name}\``, cells: at(plain, name) }))
    .sort((a, b) => mean(b.cells[0]) - mean(a.cells[0]));
  const real = usual.filter(({ cell }) => cell.variant === undefined);
  const starts = usual.filter(({ cell }) => cell.variant === "start");
  const below = [
    ...(starts.length > 0 ? [{ name: "_representative images, unoptimised_", cells: at(starts, "dm") }] : []),
    ...names(real).map((name) => ({ name: `_\`${name}\`_`, cells: at(real, name) })),
  ];
  const reference = sizes.map(([dataset, ipc]) =>
    real.find(({ cell }) => cell.dataset === dataset && cell.ipc === ipc),
  );
  const marked = [...methods, ...below].map(({ name, cells }) => [
    name,
    ...cells.map((row, i) => (row ? cellText(row, reference[i]) : "")),
  ]);
  return [tableText(["method", ...titles], marked), "", ...legend(marked.flat().join(" "))].join("\n");
}

/** A figure with its marks, and the authors' in brackets. */
function cellText(row: Kept, usual: Kept | undefined): string {
  const { cell, result, outdated } = row;
  const marks = [
    ...(usual && scoredAlike(row, usual) ? [] : ["°"]),
    ...(outdated.length > 0 ? ["†"] : []),
    ...(seenOnTest(cell).length > 0 ? ["‡"] : []),
  ];
  const theirs = cell.reported && ` (${cell.reported.accuracy}${isUnverified(cell.reported.source) ? "?" : ""})`;
  return [accuracyOf(result.accuracy), ...marks].join(" ") + (theirs ?? "");
}

/** Whether two rows are scored on one network by one training, however long. */
function scoredAlike(a: Kept, b: Kept): boolean {
  const of = ({ result: { protocol, net } }: Kept) => {
    const { epochs: _, ...recipe }: Recipe = protocol.recipe;
    return JSON.stringify([net, Object.entries(recipe).sort()]);
  };
  return of(a) === of(b);
}

const meanings: readonly (readonly [mark: string, meaning: string])[] = [
  ["?", "the authors' figure is not verified in the paper itself."],
  [
    "°",
    "scored otherwise than the subsets in italics (network, augmentation, loss or learning rate), as its authors do or as near to it as minutes allow: how far it is above subsets that are scored alike, and what differs, stands in its row of the tables linked above.",
  ],
  ["†", "of an earlier version, to be run again: why stands in its row of the tables linked above."],
  [
    "‡",
    "one of its settings was looked at on the test split while it was chosen ([decision 5](../decisions/0005-laptop-presets-are-tuned-for-few-steps.md)).",
  ],
];

const legend = (text: string): string[] =>
  meanings.filter(([mark]) => text.includes(mark)).map(([mark, meaning]) => `- ${mark} ${meaning}`);
