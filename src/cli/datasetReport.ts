import type { Dataset } from "../data/dataset.ts";
import { datasetSummary } from "../data/datasetSummary.ts";
import type { Domain } from "../data/domain.ts";
import type { TablePreparation } from "../data/table/preparation.ts";
import type { ValuesTarget } from "../data/valuesTarget.ts";

/** The number of classes and channels up to which they are shown one by one. */
const few = 12;

/** The rows that `attar data info` prints for a person: one a fact, long lists shortened. */
export function datasetRows(d: Dataset): string[][] {
  const facts = datasetSummary(d);
  const [channels, height, width] = d.shape;
  const pictures = facts.domain === "image";
  const sizes = facts.imagesPerClass;
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const unit = pictures ? "images" : "rows";
  const samples: Record<Domain["kind"], string> = {
    image: `${height}x${width} pictures, ${channels === 1 ? "grey" : `${channels} colours`}`,
    series: `series of ${height} times${channels === 1 ? "" : `, ${channels} side by side`}`,
    table: `tables of ${channels} features`,
    embedding: `embeddings of ${channels} features`,
  };
  const shape = samples[facts.domain];
  const noSplit = facts.testSplit === null || facts.testSplit === "none";
  return [
    ["name", d.name],
    ...(facts.format ? [["format", facts.format]] : []),
    ["samples", shape],
    ["shape", d.shape.join("x")],
    ...(d.table ? columnRows(d.table) : []),
    ...(d.target ? [["predicted", predicted(d.target)]] : []),
    [d.target ? "bins" : "classes", `${d.classes.length}: ${shortened(d.classes.map(className))}`],
    ...(facts.labels ? [["labels", facts.labels]] : []),
    [`${unit} a ${d.target ? "bin" : "class"}`, least === most ? String(least) : `${least} to ${most}`],
    ...(least !== most && d.classes.length <= few
      ? [["", d.classes.map((name, i) => `${className(name)} ${sizes[i]}`).join(", ")]]
      : []),
    ["train", String(facts.train)],
    ["test", facts.test > 0 ? `${facts.test}${noSplit ? "" : `, from ${facts.testSplit}`}` : "none found"],
    ["values", `${facts.values}, ${facts.range.map(short).join(" to ")}`],
    ["scale", pictures || facts.domain === "series" ? `${short(facts.scale)} stands for 1` : "each feature by itself"],
    ["normalisation", facts.normalisation === "zca" ? "per channel, then ZCA" : "per channel"],
    ["mean", summary(d.normalisation.mean)],
    ["std", summary(d.normalisation.std)],
    ...facts.notes.map((note, i) => [i === 0 ? "guessed" : "", note]),
    ["checksum", d.checksum],
    ["source", d.source],
  ];
}

/** The columns of a table: its numbers, and each column of categories with its levels. */
function columnRows({ columns }: TablePreparation): string[][] {
  const numbers = columns.filter((column) => column.kind === "number");
  const lacking = numbers.filter(({ imputed }) => imputed !== undefined);
  const missing = lacking.length === 0 ? "" : `, missing in ${shortened(lacking.map(({ name }) => className(name)))}`;
  const categories = columns.filter((column) => column.kind === "category");
  return [
    ["numbers", `${numbers.length}: ${shortened(numbers.map(({ name }) => className(name)))}${missing}`],
    ...categories.map(({ name, levels }, i) => [
      i === 0 ? "categories" : "",
      `${className(name)}: ${shortened(levels.map((level) => (level === "" ? "missing" : className(level))))}`,
    ]),
  ];
}

/** Numbers to predict, each with its mean and deviation on the training split. */
const predicted = ({ names, mean, std }: ValuesTarget) =>
  names.map((name, i) => `${name} (mean ${short(mean[i]!)}, deviation ${short(std[i]!)})`).join(", ");

/** Four digits, and no more than a number needs; whole numbers as they are. */
const short = (value: number) => String(Number.isSafeInteger(value) ? value : Number(value.toPrecision(4)));

/** A name in quotes where it could be taken for two, or for none. */
const className = (name: string) =>
  /^[\p{L}\p{N}_./+-]+( [\p{L}\p{N}_./+-]+)*$/u.test(name) ? name : JSON.stringify(name);

const shortened = (words: readonly string[]) =>
  words.length <= few ? words.join(", ") : `${words.slice(0, few - 2).join(", ")}, … ${words.at(-1)}`;

function summary(values: readonly number[]): string {
  if (values.length <= few) return values.map(short).join(", ");
  return `${short(Math.min(...values))} to ${short(Math.max(...values))} over ${values.length} features`;
}
