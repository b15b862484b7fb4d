import * as z from "zod";

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();
const name = z.string().min(1);

/** What every trial of an advice has in common; trials of two questions are not compared. */
const question = z.object({
  dataset: z.string(),
  /** SHA-256 of the rows that are trained on and of those that are held out. */
  checksum: name,
  seed: count,
  /** The network that is trained on every set. */
  network: name,
  /** Its epochs on a set, and networks a set. */
  epochs: count,
  networks: count,
  /** Training rows that sets are made from, and those that they are scored on. */
  trainedOn: count,
  heldOut: count,
  /** What is read: the share of the held-out rows that is classified correctly, or R² where numbers are predicted. */
  reading: z.enum(["accuracy", "r2"]),
});

/** The settings by which a run is made again. */
const settings = z.object({
  steps: count.optional(),
  realBatch: count.optional(),
  /** Classes a step, where it visits a part of them. */
  classes: count.optional(),
  /** The width of the network, where it is a narrower one than the recipe's. */
  width: count.optional(),
  /** The network that was named for the method to look through, where it looks through one. */
  network: name.optional(),
});

const score = z.object({
  mean: z.number(),
  /** The sample deviation over networks; 0 of one. */
  std: z.number().nonnegative(),
  /** The value of each network. */
  runs: z.array(z.number()).min(1),
});

const trial = z.object({
  method: name,
  ipc: z.number().int().positive(),
  score,
  /** Bytes that the set takes to keep. */
  bytes: count,
  /** Seconds that the set took to make, and its networks to train and score. */
  condensed: seconds,
  scored: seconds,
  settings,
});

const cell = z.object({ method: name, ipc: z.number().int().positive() });

/** What was not done: a set, or the reference, which is called "full". */
const unfinished = cell.partial({ ipc: true }).extend({ why: z.string() });

const reference = z.object({ score, epochs: count, seconds });

const recommendation = cell.extend({
  /** The rule that chose it, in words. */
  why: z.string(),
  /** What the best trial scored. */
  best: cell.extend({ mean: z.number() }),
});

/** The form of an advice in a file. */
export const adviceForm = z.object({
  format: z.literal("attar advice 1"),
  question,
  /** What a smaller set may lose against the best one, in units of the reading. */
  margin: z.number().nonnegative(),
  trials: z.array(trial),
  /** All training rows that are not held out, where there was time. */
  reference: reference.optional(),
  recommended: recommendation.optional(),
  /** Where the time was too short for a recommendation: the seconds that would have done for the smallest size. */
  wanted: seconds.optional(),
  unfinished: z.array(unfinished),
  budget: seconds,
  seconds,
  /** The command that makes the recommended set of the whole training split, where the command line advised. */
  command: z.string().optional(),
});

export type Advice = Readonly<z.infer<typeof adviceForm>>;
export type Question = Readonly<z.infer<typeof question>>;
export type Trial = Readonly<z.infer<typeof trial>>;
export type Cell = Readonly<z.infer<typeof cell>>;
export type Unfinished = Readonly<z.infer<typeof unfinished>>;
export type AdviceReference = Readonly<z.infer<typeof reference>>;
export type Recommendation = Readonly<z.infer<typeof recommendation>>;
export type TrialSettings = Readonly<z.infer<typeof settings>>;
export type TrialScore = Readonly<z.infer<typeof score>>;

/** An advice that was read from a file; undefined for anything else. */
export function adviceFrom(value: unknown): Advice | undefined {
  const parsed = adviceForm.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Tells whether trials of two questions are of one: all but the names agree. */
export function sameQuestion(a: Question, b: Question): boolean {
  const { dataset: _a, ...own } = a;
  const { dataset: _b, ...other } = b;
  return (Object.keys(own) as (keyof typeof own)[]).every((field) => own[field] === other[field]);
}
