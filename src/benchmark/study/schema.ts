import { z } from "zod";
import type { ReadOptions } from "../../data/readOptions.ts";
import { secondsOf } from "../../engine/timeSpan.ts";
import { parseSampling } from "../../evaluate/index.ts";
import { isTrainingAttack } from "../../hypotheses/index.ts";
import { spaces } from "../import/foreignSet.ts";

/**
 * The form of a study file: what is condensed, by which methods, and what is read of the sets. One schema for validation
 * ({@link parseStudy}), for editors ({@link studyJsonSchema}) and for whoever checks a submission.
 */

const text = z.string("must be text").min(1, "must not be empty");
const count = (least: number) =>
  z.int("must be a whole number").min(least, `must be at least ${least}`).max(Number.MAX_SAFE_INTEGER, "is too large");
const nonEmpty = "must name at least one";

/** A name in the study, a part of cells' names: no slash and no star. */
const label = text.regex(/^[\w.=+:,-]{1,64}$/, "takes letters, digits and any of . _ = + : , -");

/** Tells whether a text names a way of sampling with its options. */
const isSampling = (written: string): boolean => {
  try {
    parseSampling(written);
    return true;
  } catch {
    return false;
  }
};

const setting = z.union([z.number(), z.string(), z.boolean()], "must be a number, text, true or false");

const claim = z
  .strictObject({
    accuracy: z.number("must be a number").min(0, "is a fraction from 0 to 1").max(1, "is a fraction from 0 to 1"),
    source: text.describe("where it is claimed: a table of a paper, an address"),
    dataset: label.optional().describe("the dataset it is claimed on; default every one"),
    ipc: count(1).optional().describe("the images per class it is claimed at; default every number"),
    deviation: z.number("must be a number").min(0, "must not be negative").optional(),
    networks: z.string().optional().describe("the network it is claimed for, as `--net` takes it"),
  })
  .describe("a figure that others published; it stands beside ours");

const layout = z.strictObject({
  name: text.describe("as `attar benchmark import --as` takes it: vico, mtt, idc …"),
  space: z
    .enum(spaces, `must be one of ${spaces.join(", ")}`)
    .optional()
    .describe("units of the images; default the layout's"),
  mean: z.array(z.number("must be a number")).optional().describe("a channel, that its authors normalised with"),
  std: z.array(z.number("must be a number")).optional().describe("a channel, that its authors normalised with"),
  factor: count(1).optional().describe("small images along a side of a stored one"),
  order: z.array(count(0)).optional().describe("the class that each label means"),
  set: count(0).optional().describe("which of a file's sets, from 0"),
  despite: z.boolean("must be true or false").optional().describe("true scores it whatever the doctor finds"),
});

const listedMethod = z.strictObject({
  name: text.optional().describe("a method of `attar methods`"),
  file: text.optional().describe("a `.json` file of a record, by its path from the study"),
  record: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("a whole record of a method; see `attar schema --method`"),
  import: text.optional().describe("a condensed set made elsewhere, by its path from the study"),
  layout: z
    .union([text, layout], "must be a layout's name or an object")
    .optional()
    .describe("the layout that its authors published it in; default attar's own files"),
  as: label.optional().describe("its name in cells and rows; default the method's own"),
  preset: z.enum(["laptop", "paper"], "must be laptop or paper").optional().describe("default the study's"),
  set: z.record(z.string(), setting).optional().describe("settings, as `attar condense --set` takes them"),
  claimed: z
    .union([claim, z.array(claim)], "must be a claim or a list of them")
    .optional()
    .describe("a figure that others published, or one for each dataset and size"),
});

const listedDataset = z.strictObject({
  name: label.describe("its name in cells and rows"),
  path: text
    .optional()
    .describe("a folder or file, by its path from the study; default the known dataset of that name"),
  reading: z
    .strictObject({
      label: text.optional(),
      target: z.enum(["classes", "values"]).optional(),
      bins: count(2).optional(),
      header: z.boolean().optional(),
      drop: z.array(text).optional(),
      categories: z.array(text).optional(),
      domain: z.enum(["series", "embedding"]).optional(),
      table: z.boolean().optional(),
      images: text.optional(),
      scale: count(1).optional(),
      size: text.optional(),
      fit: z.enum(["cover", "contain", "stretch"]).optional(),
      grey: z.boolean().optional(),
      skipUnreadable: z.boolean().optional(),
      train: text.optional(),
      test: text.optional(),
      testShare: z.number("must be a number").optional(),
    } satisfies Record<keyof ReadOptions, z.ZodType>)
    .optional()
    .describe("how it is read, as the options of the same names; docs/data.md"),
});

const protocol = z.strictObject({
  name: label.default("field").describe("its name in cells and rows"),
  epochs: count(1).optional().describe("default 1000 with augmentation, 300 without"),
  steps: count(1)
    .optional()
    .describe("gradient steps in place of epochs: as near as whole epochs come, fewer epochs for sets of more images"),
  repeats: count(1).default(5).describe("networks a set"),
  augmentation: text.optional().describe("default what the set was made for"),
  adversarial: text
    .refine(isTrainingAttack, "must be norm and radius in pixels, such as linf,0.1 with steps and step after them")
    .optional()
    .describe("images of every training step are perturbed: as `attar evaluate --adversarial` takes it"),
  sampling: text
    .refine(isSampling, "must be a protocol of sampling: bank, fresh, styles:standardised=true, teacher:epochs=3 …")
    .optional()
    .describe("what networks train on: as `attar evaluate --protocol` takes it; default bank, the images of the set"),
  seed: count(0).default(0).describe("root of the networks' randomness, the same for all sets"),
  networks: z.array(text).min(1, nonEmpty).optional().describe("networks that are trained so; default the study's"),
  baselines: z
    .array(text)
    .min(1, nonEmpty)
    .optional()
    .describe("coreset rules whose subsets are trained beside each set in the same way: metrics as `accuracy.random`"),
  redraw: z
    .boolean()
    .optional()
    .describe("whether every network trains on a draw of its own, where the method is a rule that draws at random"),
  for: z
    .strictObject({
      methods: z.array(label).min(1, nonEmpty).optional(),
      datasets: z.array(label).min(1, nonEmpty).optional(),
      ipc: z.array(count(1)).min(1, nonEmpty).optional(),
    })
    .optional()
    .describe("the sets that networks are trained on so; default all"),
});

const reference = z.strictObject({
  epochs: count(1).optional().describe("epochs on the whole training split; default 20"),
  repeats: count(1).default(1).describe("networks"),
});

/** A span of time, read as seconds. */
const span = text
  .refine((written) => secondsOf(written) !== undefined, 'must be a span of time such as "4m"')
  .transform((written) => secondsOf(written)!);

const choice = z.union(
  [
    text,
    z.strictObject({
      name: text.describe("the part's name"),
      options: z.record(z.string(), setting).optional().describe("its options"),
      as: label.optional().describe("its name among the choices; default its own"),
    }),
  ],
  "must be a part's name or an object",
);
const choices = (what: string) => z.array(choice).min(1, nonEmpty).optional().describe(what);

const exploration = z.strictObject({
  budget: span.describe('time for all of it, such as "10m": timing, every rung, and the final scores'),
  base: z
    .union([text, z.record(z.string(), z.unknown())], "must be a method's name or a record")
    .optional()
    .describe(
      "the record whose parts are exchanged: a method's name, or a whole record; default one like DM's under Adam",
    ),
  discrepancies: choices("discrepancies of matching, and criteria of what a solver finds; default all"),
  views: choices("views of samples, and solvers; default all"),
  spaces: choices("data spaces; default all that serve the data"),
  hypotheses: choices("sources of networks; default all that need none trained beforehand"),
  networks: choices("networks that are looked through; default the data's usual one"),
  tricks: choices('tricks; "none" for none; default none and all'),
  candidates: count(2).default(27).describe("combinations that are drawn, beside the study's methods"),
  eta: count(2).default(3).describe("how many times more steps survivors get, and the share that survives"),
  leastSteps: count(1).default(20).describe("steps that a candidate takes at least"),
  heldOut: z
    .number("must be a number")
    .gt(0, "is a share between 0 and 1")
    .lt(1, "is a share between 0 and 1")
    .default(0.2)
    .describe("share of every class of the training split that candidates are scored on, at most 2,000 rows"),
  epochs: count(1).optional().describe("of networks that score candidates; default the protocol's"),
  repeats: count(2).default(3).describe("such networks a candidate"),
  seed: count(0).default(0).describe("of the draw of candidates, of held-out rows, and of candidates' runs"),
});

/** The axes by which cells are narrowed: of a tier, and of what is left out. */
const axes = {
  methods: z.array(label).optional(),
  datasets: z.array(label).optional(),
  ipc: z.array(count(1)).optional(),
  seeds: z.array(count(0)).optional(),
  networks: z.array(text).optional(),
  protocols: z.array(label).optional(),
};

export const studySchema = z.strictObject({
  $schema: text.optional().describe("address of this schema, for editors"),
  name: label.describe("the study's name"),
  title: text.optional().describe("a line for reports"),
  notes: z.array(text).optional().describe("what a reader needs to know to compare, a sentence each"),
  methods: z
    .array(z.union([text, listedMethod], "must be a method's name or an object"))
    .min(1, nonEmpty)
    .describe("methods by name, with settings, whole records, and sets made elsewhere"),
  datasets: z
    .array(z.union([text, listedDataset], "must be a dataset's name or an object"))
    .min(1, nonEmpty)
    .describe("datasets by name, or with a path and how they are read"),
  ipc: z.array(count(1)).min(1, nonEmpty).describe("images per class"),
  seeds: z.array(count(0)).min(1, nonEmpty).default([0]).describe("seeds of condensation, a set each"),
  networks: z
    .array(text)
    .min(1, nonEmpty)
    .optional()
    .describe("networks that are trained on the sets, as `--nets` takes them; default the usual one of the data"),
  protocols: z.array(protocol).min(1, nonEmpty).prefault([{}]).describe("how networks are trained on a set"),
  objectives: z
    .array(text)
    .min(1, nonEmpty)
    .default(["accuracy"])
    .describe(
      "what is read: readings of networks (`accuracy`, `calibration:bins=10`), `bytes`, `seconds`, `multiply-adds` …",
    ),
  preset: z
    .enum(["laptop", "paper"], "must be laptop or paper")
    .default("laptop")
    .describe("hyperparameters to start from"),
  budget: span
    .optional()
    .describe('time of a cell, such as "4m": as many steps as fit beside its scores, by steps that are timed once'),
  explore: exploration
    .optional()
    .describe("combinations of parts that are tried beside the methods, by successive halving on held-out rows"),
  reference: z
    .union([z.boolean(), reference], "must be true, false or an object")
    .default(false)
    .describe("whether networks are trained on the whole training split, too"),
  tiers: z
    .record(label, z.strictObject(axes))
    .default({})
    .describe("parts of the study by name: `--tier smoke` runs what the tier of that name lists"),
  exclude: z
    .array(z.strictObject({ ...axes, reason: text.optional() }))
    .default([])
    .describe("cells that are left out, with the reason that their rows give"),
});

/** A study as its file has it, defaults filled in. */
export type Study = z.output<typeof studySchema>;
export type ListedMethod = z.output<typeof listedMethod>;
/** How the file of a set made elsewhere is read. */
export type ListedLayout = z.output<typeof layout>;
export type ListedDataset = z.output<typeof listedDataset>;
export type Exploration = z.output<typeof exploration>;
export type Choice = z.output<typeof choice>;
export type StudyProtocol = z.output<typeof protocol>;

/** Tells whether networks are trained by a protocol on a set. */
export const isFor = ({ for: part }: StudyProtocol, method: string, dataset: string, ipc: number): boolean =>
  (part?.methods?.includes(method) ?? true) &&
  (part?.datasets?.includes(dataset) ?? true) &&
  (part?.ipc?.includes(ipc) ?? true);

/** A part of a study: every axis that is given narrows it. */
export type Tier = Study["tiers"][string];

/** The JSON Schema of a study file, for editors and programs. */
export const studyJsonSchema = (): object => ({
  title: "A study of attar benchmark",
  ...z.toJSONSchema(studySchema, { io: "input" }),
});
