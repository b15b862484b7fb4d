import type { CondensedSet } from "../data/dataset.ts";
import { knownDataset } from "../data/knownDatasets.ts";
import { clippedShare } from "../data/pictures.ts";
import type { Summary } from "./summary.ts";
import type { Training } from "./trainingRecipe.ts";

/** How a set came about and what it is worth, as far as that is known. */
export interface Made {
  /** The work that the method is from: in words ("Distribution matching: B. Zhao and H. Bilen, 2023"), and as BibTeX. */
  readonly work?: { readonly words: string; readonly bibtex: string };
  /** The command that condensed it. */
  readonly command?: string;
  /** The version of attar that it ran, with the commit where that is known. */
  readonly by?: string;
  /** The machine, and how long it took: "linux x64 …, 2 cores, 212 s". */
  readonly where?: string;
  /** Every setting of the run. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Accuracy, or R² where numbers are predicted, of networks trained as the recipe says. */
  readonly score?: Summary;
}

/** A column of the table of a dataset repository: its type as YAML has it, and its meaning. */
export interface CardColumn {
  readonly name: string;
  /** Lines of YAML below the name, without indentation: `dtype: image`. */
  readonly type: readonly string[];
  readonly meaning: string;
}

export interface CardOptions {
  readonly training: Training;
  readonly made: Made;
  readonly columns: readonly CardColumn[];
}

/** The dataset card of a condensed set: README.md of a repository of the Hugging Face Hub, YAML first. */
export function datasetCard(set: CondensedSet, options: CardOptions): string {
  const { made, columns, training } = options;
  const { method, dataset, labels, ipc, classes, target } = set;
  const title = `${dataset}, condensed to ${labels.length} samples by ${method}`;
  const paragraphs = [
    `---\n${frontMatter(set, title, options).join("\n")}\n---`,
    `# ${title}`,
    `${labels.length} samples${target ? "" : ` of ${classes.length} classes, ${ipc} a class,`} that stand for all of ${dataset} when a network is trained${target ? ` to predict ${target.names.join(", ")}` : ""}. They were made by dataset condensation (${made.work?.words ?? method}) with attar.`,
    "## What is in it",
    markdownTable([["column", "what it is"], ...columns.map(({ name, meaning }) => [`\`${name}\``, meaning])]),
    lossOfBytes(set, columns),
    "`condensed.safetensors` is the whole set in one file, nothing rounded: images, labels, whitening and learned rates where there are any, class names and normalisation. `attar evaluate` reads it in this folder.",
    "## Load",
    loading(set, columns),
    "## Train",
    recipeWords(set, training),
    "## What it is worth",
    worth(set, made.score, training),
    "## How it was made",
    ...origin(set, made),
    "## Cite",
    made.work
      ? `\`\`\`bibtex\n${made.work.bibtex}\n\`\`\`\n\n\`attar cite ${method}\` prints the works of every part of the method, too.`
      : `\`attar cite ${method}\` prints the works of the method and of its parts.`,
    source(dataset),
  ];
  return `${paragraphs.filter((text) => text !== "").join("\n\n")}\n`;
}

function frontMatter({ target, labels }: CondensedSet, title: string, { columns }: CardOptions): string[] {
  const pictures = columns.some(({ name }) => name === "image");
  const task = pictures ? "image-classification" : target ? "tabular-regression" : "tabular-classification";
  return [
    "# license: yours to choose; what binds the dataset that this was made from may bind this, too",
    `pretty_name: ${JSON.stringify(title)}`,
    "task_categories:",
    `- ${task}`,
    "tags:",
    ...["dataset-condensation", "dataset-distillation", "attar"].map((tag) => `- ${tag}`),
    "size_categories:",
    `- ${sizeCategory(labels.length)}`,
    "dataset_info:",
    "  features:",
    ...columns.flatMap(({ name, type }) => [`  - name: ${JSON.stringify(name)}`, ...type.map((line) => `    ${line}`)]),
    "configs:",
    "- config_name: default",
    "  data_files:",
    "  - split: train",
    "    path: data/train-*",
  ];
}

/** The Hub's word for a number of samples. */
function sizeCategory(count: number): string {
  if (count < 1000) return "n<1K";
  if (count < 10_000) return "1K<n<10K";
  return count < 100_000 ? "10K<n<100K" : "100K<n<1M";
}

function lossOfBytes(set: CondensedSet, columns: readonly CardColumn[]): string {
  if (!columns.some(({ name }) => name === "image"))
    return "Rows are in the columns and units of the table that they stand for; a category is the largest of its shares, which networks train on as they are.";
  const share = clippedShare(set);
  const clipped =
    share > 0
      ? ` and clips ${(100 * share).toPrecision(2)} % of them, which are beyond black or white`
      : ", none of them beyond black or white";
  return `\`image\` is for looking at: 8 bits a channel, which rounds values${clipped}${set.normalisation.zca ? "; it is without the whitening that networks are trained under" : ""}. Train on \`normalised\`.`;
}

function loading({ shape }: CondensedSet, columns: readonly CardColumn[]): string {
  const lines = [
    "from datasets import load_dataset",
    "",
    'rows = load_dataset("path/of/this/folder", split="train")',
    ...(columns.some(({ name }) => name === "normalised")
      ? [
          'print(rows.features["label"].names)',
          `images = rows.with_format("torch")["normalised"][:].reshape(-1, ${shape.join(", ")})`,
        ]
      : ["print(rows.to_pandas())"]),
  ];
  return `\`\`\`python\n${lines.join("\n")}\n\`\`\``;
}

function recipeWords(set: CondensedSet, { recipe }: Training): string {
  const { mean, std, scale, zca } = set.normalisation;
  const units =
    set.table === undefined && mean.length <= 4
      ? `(stored / ${scale} − mean) / std, mean ${JSON.stringify(mean)}, std ${JSON.stringify(std)}`
      : `(stored / ${scale} − mean) / std, the means and deviations in the metadata of \`condensed.safetensors\``;
  return [
    `Test samples are normalised as ${units}${zca ? ", then whitened: W (x − m), `zca_whiten` and `zca_mean` of `condensed.safetensors`" : ""}. Networks are trained on the set alone:`,
    `\`\`\`json\n${JSON.stringify(recipe, undefined, 2)}\n\`\`\``,
    "`attar export FOLDER --to pytorch --on DATASET` writes a `train.py` that does it in PyTorch.",
  ].join("\n\n");
}

function worth({ target, dataset }: CondensedSet, score: Summary | undefined, { recipe, network }: Training): string {
  const reading = target ? "R²" : "accuracy";
  if (!score) return `It has not been measured: \`attar evaluate FOLDER --on ${dataset}\` gives its ${reading}.`;
  const [mean, std] = target
    ? [score.mean.toFixed(3), score.std.toFixed(3)]
    : [`${(100 * score.mean).toFixed(1)}`, `${(100 * score.std).toFixed(1)} %`];
  const spread = score.runs.length > 1 ? ` ± ${std}` : target ? "" : " %";
  const count = score.runs.length === 1 ? "one network" : `${score.runs.length} networks`;
  return `${reading[0]!.toUpperCase()}${reading.slice(1)} ${mean}${spread} on the test split (${count}, ${network.name}, ${recipe.epochs} epochs, the last one; ± is the sample deviation).`;
}

function origin({ dataset, datasetChecksum }: CondensedSet, { command, by, where, settings }: Made): string[] {
  return [
    command
      ? `\`\`\`sh\n${command}\n\`\`\`\n\nSettings of single parts, where they were changed, are in the list below.`
      : "The command is not known.",
    `${[by && `attar ${by}`, where, `from ${dataset} (SHA-256 of its samples \`${datasetChecksum}\`)`].filter(Boolean).join("; ")}.`,
    settings ? `Every setting:\n\n\`\`\`json\n${JSON.stringify(settings)}\n\`\`\`` : "",
  ];
}

/** What is known of the dataset that it was made from. */
function source(name: string): string {
  const known = knownDataset(name);
  return known ? `Made from ${known.title} (${known.licence}): ${known.citation}.` : "";
}

const markdownTable = ([head, ...rows]: readonly (readonly string[])[]): string =>
  [head!, head!.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
