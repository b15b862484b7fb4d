import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { readerOf } from "../data/reader.ts";
import { countOf } from "../data/samples.ts";
import { tensor } from "../engine/index.ts";
import { type AdaptOptions, adapted } from "./adapt.ts";
import { always, coresetDraws, type Draws } from "./coreset.ts";
import type { TrainingProgress } from "./progress.ts";
import {
  factsOf,
  fullEpochsOf,
  optionsForSet,
  type Protocol,
  type ProtocolOptions,
  protocolFor,
  setProtocol,
} from "./protocol.ts";
import { samplingNamed } from "./sampling/index.ts";
import { digest, formDigest, normalisationKey, setDigest } from "./scores.ts";

/** A set that is trained on, under its protocol: the set itself, or a coreset beside it. */
export interface Subject {
  /** A method's name, a coreset rule or "full". */
  readonly name: string;
  readonly sets: Draws;
  /** Tells the sets apart from all others in a store of scores. */
  readonly content: string;
  readonly protocol: Protocol;
  /** Images of a batch that are standardised together, where the protocol says so. */
  readonly standardised?: number;
}

export interface Subjects {
  readonly main: Subject;
  readonly baselines: readonly Subject[];
  /** The dataset on the set's normalisation. */
  readonly dataset: Dataset;
  /** Frees what makes the samples that are trained on. */
  dispose(): void;
}

export interface SubjectOptions extends ProtocolOptions, AdaptOptions {
  readonly baselines?: readonly string[];
  readonly redrawn?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/**
 * The set and the coresets beside it, each with the protocol that it is trained under: one for all, but for `full`, which takes
 * fewer epochs, and for a set's learned learning rate, which is no part of a coreset.
 *
 * @throws AttarError as protocols, the rules of coresets and {@link adapted} do
 */
export async function subjectsOf(set: CondensedSet, dataset: Dataset, options: SubjectOptions): Promise<Subjects> {
  const spec = options.sampling ?? { name: "bank", options: {} };
  const sampling = samplingNamed(spec.name);
  const { usual, full, own } = await protocolsOf(set, dataset, options);
  const whole = isWhole(set, dataset);
  const onScale = adapted(dataset, set, options);
  const rules = (options.baselines ?? (whole ? [] : ["random", "herding"])).filter((rule) => rule !== set.method);
  const draws = (rule: string) => coresetDraws(onScale, rule, set.ipc, own.seed, options.signal);
  const sampler = await sampling.make(spec.options, {
    set,
    dataset: onScale,
    seed: own.seed,
    signal: options.signal,
    onPass: (epoch, epochs, loss) =>
      options.onProgress?.({ subject: set.method, net: "teacher", repeat: 0, epoch, epochs, loss }),
  });
  const sampled = (sets: Draws): Draws => ({ ...sets, at: async (repeat) => sampler.of(await sets.at(repeat)) });
  const scaling = await normalisationKey(onScale.normalisation);
  // The images of the first draw are part of the key: a rule may choose others another time. They are chosen before hours of
  // training, so that a misspelt rule is refused at once; the full set is large and waits its turn.
  const coreset = async (rule: string, { at }: Draws) =>
    `${rule} ${set.ipc} ${scaling} ${rule === "full" ? "" : await digest((await at(0)).images.data)}`;
  const beside = async (name: string): Promise<Subject> => {
    const sets = draws(name);
    const content = await coreset(name, sets);
    if (name === "full") return { name, sets, content, protocol: full };
    return { name, sets: sampling.coresetsToo ? sampled(sets) : sets, content, protocol: usual };
  };
  const baselines: Subject[] = [];
  for (const rule of new Set(rules)) baselines.push(await beside(rule));
  const sets = options.redrawn ? draws(set.method) : always(trainingSetOf(set, dataset));
  const content = await (options.redrawn ? coreset(set.method, sets) : setDigest(set, onScale.normalisation));
  const { standardised } = sampler;
  const coded = own.sampling && set.form ? ` ${await formDigest(set.form)}` : "";
  const main = {
    name: set.method,
    sets: sampled(sets),
    content: `${content}${coded}`,
    protocol: own,
    ...(standardised !== undefined && { standardised }),
  };
  return { main, baselines, dataset: onScale, dispose: () => sampler.dispose() };
}

const isWhole = (set: CondensedSet, dataset: Dataset) =>
  set.labels.length >= readerOf(dataset).sizes.reduce((a, b) => a + b);

function trainingSetOf({ images, shape, labels, softLabels, values }: CondensedSet, { classes, target }: Dataset) {
  const count = labels.length;
  const taught = values ?? softLabels;
  return {
    images: tensor(images, [count, ...shape]),
    labels: taught ? tensor(taught, [count, values && target ? target.names.length : classes.length]) : labels,
  };
}

/** The protocols of coresets of the set's size, of the full set, and of the set itself. */
async function protocolsOf(set: CondensedSet, dataset: Dataset, options: ProtocolOptions) {
  const facts = factsOf(set);
  const { sampling, ...alike } = optionsForSet(facts, dataset, options);
  const shared = sampling && samplingNamed(sampling.name).coresetsToo ? { sampling } : {};
  const common = { ...alike, ...shared };
  const epochs = options.fullEpochs ?? options.epochs ?? fullEpochsOf(dataset, countOf(dataset, "train"));
  const full = await protocolFor(dataset, { ...alike, epochs });
  if (isWhole(set, dataset)) return { usual: full, full, own: full };
  const usual = await protocolFor(dataset, common);
  const ownAlone = facts.learningRate !== undefined || (sampling !== undefined && !("sampling" in shared));
  const own = ownAlone ? await setProtocol(facts, dataset, options) : usual;
  return { usual, full, own };
}
