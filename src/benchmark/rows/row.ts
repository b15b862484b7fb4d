import { z } from "zod";

const text = z.string();
const maybe = z.string().nullable();
const number = z.number().nullable();
/** Columns that rows of earlier versions lack. */
const later = { text: maybe.default(null), number: number.default(null) };

/** What became of a row's number: it is there, or why it is not. */
export const rowStates = ["ok", "diverged", "failed", "blocked", "stopped", "refused", "absent"] as const;

/**
 * A row of results: one number with all that is known of how it came about. Tables and charts are views of rows; whoever reads a
 * row needs nothing else to make the number again. Fields that do not apply are null.
 */
export const rowSchema = z.strictObject({
  study: text.describe("the study's name"),
  cell: text.describe("the cell: subject/dataset/ipc1/seed0, and /network/protocol"),
  subject: text.describe("the method's or set's name in the study"),
  method: maybe.describe("the method's own name"),
  record: maybe.describe("SHA-256 of the method's record"),
  imported: maybe.describe("SHA-256 of the file, where the set was made elsewhere"),
  dataset: text,
  checksum: maybe.describe("of the dataset"),
  ipc: number.describe("images per class; of the whole training split null"),
  seed: number.describe("of the condensation"),
  set: maybe.describe("SHA-256 of the condensed set's file"),
  objective: text,
  metric: text.describe("the value's name; an objective may have several"),
  unit: text,
  better: z.enum(["higher", "lower"]),
  value: number,
  repeat: number.describe("the network's number, from 0"),
  network: maybe,
  protocol: maybe.describe("its name in the study"),
  protocol_hash: maybe,
  epochs: number,
  steps: number.describe("updates of the synthetic set"),
  budget: number
    .default(null)
    .describe("seconds that the cell was given, scoring included, from which its steps follow"),
  bytes_images: number,
  bytes_labels: number,
  status: z.enum(rowStates),
  reason: maybe,
  key: maybe.describe("of the job that found the value: attar benchmark explain KEY"),
  parents: maybe.describe("keys of the jobs it depends on, joined by spaces"),
  attar: maybe,
  commit: maybe,
  node: maybe,
  onnxruntime: maybe,
  device: maybe,
  executor: maybe,
  threads: number,
  host: maybe,
  load: number.describe("load average of the machine when the job began"),
  started: maybe,
  seconds: number.describe("of the job"),
  claimed: number.describe("the accuracy that others published for the subject"),
  claimed_source: maybe,
  settings: later.text.describe(
    "of the recipe that the condensation started from, as JSON; the command says what it set besides",
  ),
  commands: later.text.describe("that make the value alone, a line each: attar condense, attar evaluate"),
  training: later.text.describe(
    "of the networks, as JSON: the recipe with epochs, batch, optimizer and augmentation, and the seed",
  ),
  samples: later.number.describe("that each network trained on"),
  draws: later.number.describe("sets that the networks of this cell trained on; more than one where a rule draws anew"),
  set_seconds: later.number.describe("of the condensation"),
  set_device: later.text.describe("on which the set was condensed"),
  set_threads: later.number,
  set_executor: later.text,
  origin: later.text.describe("what else is known of a value that was not computed by the study, as JSON"),
});

export type Row = z.output<typeof rowSchema>;

/** The columns in order. */
export const columns = Object.keys(rowSchema.shape) as (keyof Row)[];

/** Columns of numbers; all others are texts. */
export const isNumeric = (column: keyof Row): boolean => numeric.has(column);

const numeric: ReadonlySet<keyof Row> = new Set([
  "ipc",
  "seed",
  "value",
  "repeat",
  "epochs",
  "steps",
  "budget",
  "bytes_images",
  "bytes_labels",
  "threads",
  "load",
  "seconds",
  "claimed",
  "samples",
  "draws",
  "set_seconds",
  "set_threads",
]);
