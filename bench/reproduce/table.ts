import { byteCount } from "../../src/cli/output.ts";
import { type Family, rowsFileOf } from "./cell.ts";
import { type Kept, shortCommit } from "./currency.ts";
import { accuracyOf, comparators, lead, stepsOfRow } from "./lead.ts";
import { reasonsOf } from "./reasons.ts";
import type { Machine } from "./result.ts";

const labels: Readonly<Record<string, string>> = {
  plain: "not augmented",
  "per-image": "augmented image by image",
  "per-image-1000-epochs": "1000 epochs, augmented image by image",
  "1000-epochs": "1000 epochs",
  "300-epochs": "300 epochs",
  start: "representative images, unoptimised",
  long: "1,800 steps",
  paper: "authors' preset",
};

/** A row's method with what sets it apart, in words. */
export const methodText = ({ cell: { method, variant, scoring } }: Kept): string =>
  [
    variant === "start" ? labels.start : method,
    variant !== "start" && variant && labels[variant],
    scoring && (labels[scoring] ?? scoring),
  ]
    .filter(Boolean)
    .join(", ");

/** The numbers behind a figure: of networks and sets. */
export function countText({ result: { sets, networks } }: Kept): string {
  if (networks === 0) return "closed form, 1 set";
  return `${networks} network${networks === 1 ? "" : "s"}, ${sets} ${sets === 1 ? "set" : "draws"}`;
}

const head = [
  "dataset",
  "method",
  "ipc",
  "network",
  "accuracy, %",
  "n",
  "steps",
  "above random, k-means, start",
  "authors', %",
  "what differs",
  "stored",
  "condensation",
  "commit",
  "commands",
];

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The family's table in Markdown: a row a cell, ours beside the authors'. Cells that are not there yet are left out. */
export function markdown(family: Family, rows: readonly Kept[], subsets: readonly Kept[]): string {
  const usual = rows.find(({ result: r }) => r.seconds > 0 && !r.machine.card)?.result.machine.cpu;
  return [
    `# ${family.title}`,
    "",
    ...family.notes.map((note) => `- ${note}`),
    ...shared.map((note) => `- ${note}`),
    ...(usual ? [`- Condensation: seconds on two cores of ${usual}, where no other machine is named.`] : []),
    "",
    line(head),
    line(head.map(() => "---")),
    ...rows.map((row) => line(cells(row, subsets, usual))),
    "",
    `Written by \`npm run reproduce -- --tables\` from the rows in [${rowsFileOf(family.name)}](../../${rowsFileOf(family.name)}); ${rows.length} of ${family.cells.length} cells. \`npm run reproduce -- --only NAME\` makes one again (\`--list\` prints the names).`,
    "",
  ].join("\n");
}

const shared = [
  "Scores: the test split after the last epoch, trained on the saved set alone by the field's protocol ([docs/protocol.md](../protocol.md)) unless the row says otherwise: ConvNet-3 of width 128, augmented where the method is. The authors of most methods train for 1000 epochs.",
  "n: networks trained, and sets. Every set was condensed once, with one seed: ± is the sample deviation over networks that train on this one set and says nothing of other seeds; of `random` and `kmeans` it is over draws, each with a network of its own.",
  "Steps: of gradient descent that each network takes, epochs times batches of at most 256 (500 under squared error); one more epoch follows at the end, as in the field's code. Sets that decode to more images get fewer epochs.",
  "Above random, k-means, start: points over real images of the same number on the same network under the same training, equally long to a twentieth; bold where not by more than both deviations together; – where no such row is kept. Start: the representative images of [subsets](subsets.md), which most methods start from at ten images a class.",
  'Authors\': trained on the whole training split with their own networks and recipes. "Unverified": not read in the paper itself.',
];

function cells(row: Kept, subsets: readonly Kept[], usual: string | undefined): string[] {
  const { cell, result, outdated } = row;
  const { seconds, storedBytes, net, commands, machine, earlier = [] } = result;
  const spent = (time: number, { card, cores, cpu }: Machine) => {
    const part = card ? `a card through ${card}` : cores === 1 ? "one core" : "";
    return [`${Math.round(time)} s`, part, card || cpu === usual ? "" : cpu].filter(Boolean).join(", ");
  };
  const before = earlier.map((m) => `${spent(m.seconds, m)} up to step ${m.until}`);
  return [
    cell.dataset,
    methodText(row),
    String(cell.ipc),
    net,
    accuracyOf(row.result.accuracy),
    countText(row),
    result.networks === 0 ? "–" : String(stepsOfRow(row)),
    comparators.map((which) => lead(row, which, subsets)).join(", "),
    cell.reported ? `${cell.reported.accuracy} (${cell.reported.source})` : "",
    [...(outdated.length > 0 ? [`**to be run again**: ${outdated.join("; ")}`] : []), ...reasonsOf(row)].join("; "),
    byteCount(storedBytes),
    seconds > 0 ? [...before, spent(seconds, machine)].join("; ") : "",
    shortCommit(result.commit),
    commands.map((command) => `\`${command}\``).join("<br>"),
  ];
}

/** A row for the terminal. */
export const rowText = (row: Kept): string =>
  [
    `${row.cell.dataset}, ${methodText(row)}, ${row.cell.ipc} image${row.cell.ipc === 1 ? "" : "s"} a class: ${accuracyOf(row.result.accuracy)} % (${countText(row)})`,
    ...row.result.commands.map((command) => `  ${command}`),
  ].join("\n");
