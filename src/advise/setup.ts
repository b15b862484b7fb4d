import { type CondenseOptions, resolveConfiguration } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { countOf } from "../data/samples.ts";
import { withValidation } from "../data/splits/validation.ts";
import { outputsOf } from "../data/valuesTarget.ts";
import { AttarError } from "../engine/index.ts";
import { buildNetwork, type NetworkSpec, networkText, resolveNetwork, sourceNamed } from "../hypotheses/index.ts";
import { isCoreset, type Method, methodNamed } from "../methods/index.ts";
import type { Question } from "./advice.ts";
import { baselines, usualMethods, usualSizes } from "./candidates.ts";
import type { AdviseOptions } from "./options.ts";

/** Held-out rows at most: an accuracy of 0.9 has a standard error of 0.7 points on them. */
const mostHeldOut = 2000;
const usualShare = 0.2;

/** What is asked, checked and with its defaults. */
export interface Setup {
  /** The dataset that is trained on without the held-out rows, and tested on them. */
  readonly held: Dataset;
  readonly network: NetworkSpec;
  /** Images per class, ascending. */
  readonly sizes: readonly number[];
  /** Subsets first. */
  readonly methods: readonly Method[];
  /** The options of a method's runs. */
  readonly optionsOf: (method: Method) => CondenseOptions;
  /** The question, its epochs and networks not yet chosen. */
  readonly question: Question;
}

/** @throws AttarError as {@link advise} does */
export async function setUp(dataset: Dataset, options: AdviseOptions): Promise<Setup> {
  const { seed = 0, validationShare: share = usualShare } = options;
  const held = await withValidation(dataset, { share, most: mostHeldOut, seed });
  const sizes = [...new Set(options.sizes ?? usualSizes(held))].sort((a, b) => a - b);
  if (sizes.length === 0)
    throw new AttarError("bad-option", "no size is named that could be tried", "for example --ipc 1,10");
  const asked = options.methods?.filter(({ name }) => !baselines.includes(name));
  const methods = [...baselines.map(methodNamed), ...(asked ?? usualMethods(held, sizes[0]!))];
  const names = methods.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new AttarError("bad-option", `two of the methods are called ${twice}`, "give one of them another name");
  const network = options.network ?? resolveNetwork(dataset.domain.network);
  const built = buildNetwork(network, held.shape, outputsOf(held));
  const optionsOf = (method: Method): CondenseOptions => {
    const own = options.condense?.(method) ?? {};
    return options.network && looksThrough(held, method, own) ? { ...own, network: options.network } : own;
  };
  for (const method of methods)
    for (const ipc of sizes) resolveConfiguration(held, method, { ...optionsOf(method), ipc, seed });
  const question: Question = {
    dataset: dataset.name,
    checksum: held.checksum,
    seed,
    network: networkText(built.spec),
    epochs: 0,
    networks: 0,
    trainedOn: countOf(held, "train"),
    heldOut: countOf(held, "test"),
    reading: held.target ? "r2" : "accuracy",
  };
  return { held, network, sizes, methods, optionsOf, question };
}

/** Tells whether a method sees sets through networks, of which one may be named. */
function looksThrough(dataset: Dataset, method: Method, options: CondenseOptions): boolean {
  if (isCoreset(method)) return false;
  return sourceNamed(resolveConfiguration(dataset, method, options).hypotheses.name).atOnce > 0;
}
