import { scoringDifferences } from "./authorsScoring.ts";
import type { Kept } from "./currency.ts";
import { authorsHyperparameters, hyperparameters } from "./recipe.ts";
import { isSubset } from "./result.ts";
import { seenOnTest } from "./seenOnTest.ts";

/** What sets a method's small run apart from its authors', beside its length. */
const more: Readonly<Record<string, readonly string[]>> = {
  kip: ["kernel of one fully connected layer, theirs of convolutions with pooling"],
  frepo: ["networks of width 32 in condensation, theirs 128", "cross-entropy as outer loss, theirs the squared error"],
  rfad: ["four networks of width 32 a step, theirs eight of 256"],
  rcig: ["networks of width 32 in condensation, theirs 128", "5 inner steps, theirs 20"],
  mtt: ["5 experts of 6 to 9 epochs on 5,000 images, theirs 100 of 50 on all"],
  nsd: ["5 experts of 6 to 9 epochs on 5,000 images"],
  "rat-bptt": ["window of 10 in 40 steps, theirs 60 in 200"],
  esp: ["5 experts of 6 epochs on 5,000 images"],
  wmdd: ["four teachers of 3 epochs on 3,000 images, theirs one trained on all"],
  teddy: ["teachers of 5 epochs on 5,000 images"],
  mfc: ["the few images furthest out set a covering's radius, and so part of its centres"],
  "dream-plus": ["networks warmed up on 1,024 images, theirs on all"],
};

/**
 * Why ours may differ from the authors' figure: the length of the run, the real images a step, how it is scored, and what is
 * known beside; and which of its settings were not chosen on held-out images alone.
 */
export function reasonsOf({ cell, result }: Kept): string[] {
  const { method: name, dataset, ipc } = cell;
  if (isSubset(cell)) return [...(more[name] ?? [])];
  if (cell.variant === "start") return [];
  const { condense } = result;
  const theirs = authorsHyperparameters(name, dataset, ipc);
  const at = condense.indexOf("--steps");
  const steps = Number(at < 0 ? result.settings?.steps : condense[at + 1]);
  // All of the authors' steps run where their recipe does, unless others are asked for.
  const whole = at < 0 && condense.includes("paper");
  const length =
    Number.isNaN(steps) || !theirs || whole
      ? []
      : [`${steps.toLocaleString("en")} of ${theirs.steps.toLocaleString("en")} steps`];
  const known = [...scoringDifferences(cell, result), ...unknown(cell.reported)];
  // Whose other settings are the authors'.
  if (condense.includes("paper")) return [...length, ...known];
  const set = condense.find((word) => word.startsWith("realBatch="))?.split("=")[1];
  const realBatch = set
    ? Number(set)
    : (result.settings?.realBatch ?? hyperparameters(name, "laptop", dataset, ipc).realBatch);
  return [
    ...length,
    ...(!theirs || realBatch === theirs.realBatch ? [] : [`${realBatch} of ${theirs.realBatch} real images a class`]),
    ...(more[name] ?? []),
    ...known,
    ...seenOnTest(cell),
  ];
}

const unknown = (reported: object | undefined) => (reported ? [] : ["no figure of the authors at this setting"]);
