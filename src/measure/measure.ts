import { type ArtefactStore, openEncoder, setChecksum } from "../artefacts/index.ts";
import { hasUnits, inPlainUnits } from "../data/changeOfUnits.ts";
import type { Dataset, Normalisation } from "../data/dataset.ts";
import type { ReadOptions } from "../data/readOptions.ts";
import type { EmpiricalMeasure, Measurable } from "../discrepancies/discrepancy.ts";
import { AttarError, defaultRuntime, type Runtime, randomKey } from "../engine/index.ts";
import { convnet, mlp, type NetworkSpec } from "../hypotheses/index.ts";
import {
  type Encoder,
  type EncoderNormalisation,
  type EncoderSpec,
  fitEncoder,
  parseEncoder,
  parseEncoderFile,
} from "../views/pushForward/index.ts";
import { checkSides, matchClasses } from "./agree.ts";
import { bounds } from "./bounds.ts";
import { chosenDiscrepancies, type GivenOptions } from "./choose.ts";
import { type CompareOptions, checkReadable, compare } from "./compare.ts";
import { encodeSides, type InOneSpace, isLatent, type Space } from "./encodeSides.ts";
import type { Bound, Measurement, Reference } from "./measurement.ts";
import { referencePairs } from "./references.ts";

export interface MeasureOptions {
  /** Names, records of your own, or "all" (default). */
  readonly discrepancies?: "all" | readonly (string | Measurable)[];
  /** Values of options by discrepancy: `{ wasserstein: { p: 1 } }`. */
  readonly options?: GivenOptions;
  /** Measures class by class, too. */
  readonly perClass?: boolean;
  /** Takes the first class of either side as the same, and so on, whatever they are called. */
  readonly byPosition?: boolean;
  /** An encoder as the command line writes it, fitted to A, or one of your own; pixels by default. */
  readonly encoder?: string | Encoder;
  /** The store of fitted encoders; they are fitted anew where left out. */
  readonly artefacts?: ArtefactStore;
  /** The space in which images meet codes: "latent" (default) or "input". */
  readonly space?: Space;
  /** Architecture of hypotheses and of network encoders; by default the field's ConvNet, or an MLP below 8 x 8 pixels. */
  readonly network?: NetworkSpec;
  /** Root of all randomness; 0 by default. */
  readonly seed?: number;
  /** Measures A against another sample of itself, too, and against that sample under noise. */
  readonly references?: boolean;
  /**
   * Computes both sides of the inequalities of §3 on samples of the sets, too; by default where all discrepancies are asked
   * for.
   */
  readonly bounds?: boolean;
  /** The runtime in which programs are loaded; measurements of two runtimes take turns. The process's own where left out. */
  readonly runtime?: Runtime;
  /** Stops; what was computed by then is returned. */
  readonly signal?: AbortSignal;
  /** The options for reading datasets that are given by path, where the guess is not wanted. */
  readonly reading?: ReadOptions;
  /** Called with each dataset that is read, whose `reading` says what was guessed. */
  readonly onDataset?: (dataset: Dataset) => void;
  readonly onProgress?: (progress: { done: number; total: number; what: string }) => void;
  /** Called with what is compared, before any encoder, as soon as it is known. */
  readonly onSides?: (sides: Sides) => void;
}

/** Both sides before any encoder, their common normalisation, and the encoder. */
export interface Sides {
  readonly a: EmpiricalMeasure;
  readonly b: EmpiricalMeasure;
  readonly normalisation?: Normalisation;
  readonly encoder?: Encoder;
}

/**
 * How far apart two datasets are, in every sense asked for (§2, §3), in the input space or through an encoder (§4).
 *
 * A side is named as on the command line (Node only): a dataset or part of one ("mnist:train", "mnist:test[0:1000]",
 * "mnist/half1"), a run folder, a file, or a coreset of the other side's dataset ("herding:10"). Or it is a measure of your
 * own; two such measures are taken to be in one normalisation.
 *
 * @example
 * const { values } = await measure("mnist:train", "mnist:test", { discrepancies: ["mmd"] });
 * console.log(values["mmd"]?.value);
 * @throws AttarError (exit code 2) for sides that cannot be compared, unknown names, options out of range; where names are
 * given, for a discrepancy that does not apply. Under "all" those are in `skipped`.
 */
export async function measure(
  a: string | EmpiricalMeasure,
  b: string | EmpiricalMeasure,
  options: MeasureOptions = {},
): Promise<Measurement> {
  const { runtime = defaultRuntime() } = options;
  return runtime.throughout(() => measured(a, b, options));
}

async function measured(
  a: string | EmpiricalMeasure,
  b: string | EmpiricalMeasure,
  options: MeasureOptions,
): Promise<Measurement> {
  const { seed = 0, signal, perClass = false, space = "latent", options: given = {} } = options;
  const { discrepancies: asked = "all" } = options;
  const discrepancies = chosenDiscrepancies(asked);
  const wanted = await encoderWanted(options.encoder);
  const sides = await openSides(a, b, options, wanted.normalisation);
  checkAlike(sides, wanted);
  const network = options.network ?? defaultNetwork(sides.a);
  if (asked !== "all") for (const one of discrepancies) checkReadable(one, meetAsImages(sides, wanted, space));
  const encoder = wanted.encoder ?? (await fitted(wanted.spec, sides, network, options));
  options.onSides?.({ ...sides, encoder });

  const common: InOneSpace = encoder
    ? await encodeSides(sides.a, sides.b, encoder, space)
    : { a: sides.a, b: sides.b, mapA: async (measure) => measure };
  checkSides(common.a, common.b);
  const match = matchClasses(common.a, common.b, options.byPosition ?? false);
  if (perClass && !match.agree) throw match.why;

  const pairs = options.references
    ? referencePairs(sides.a, sides.b.labels.length, randomKey(seed).fold("references"))
    : [];
  const bounded = (options.bounds ?? asked === "all") && match.agree;
  const total = discrepancies.length * (1 + pairs.length) + (bounded ? 1 : 0);
  let done = 0;
  const shared: Omit<CompareOptions, "discrepancies" | "strict" | "perClass" | "onStart"> = {
    options: given,
    network,
    seed,
    signal,
  };
  const found = await compare(common.a, common.b, match, {
    ...shared,
    discrepancies,
    strict: asked !== "all",
    perClass,
    onStart: (what) => options.onProgress?.({ done: done++, total, what }),
  });
  if (bounded) options.onProgress?.({ done: done++, total, what: "bounds" });
  const held = bounded
    ? await orReason(() => bounds(common.a, match.b, { seed, network, signal }))
    : { bounds: [], skipped: {}, failed: {} };
  const references: Reference[] = [];
  const again = discrepancies.filter(({ name }) => Object.hasOwn(found.values, name));
  for (const [k, pair] of pairs.entries()) {
    if (signal?.aborted) break;
    done = total - discrepancies.length * (pairs.length - k);
    const [x, y] = [await common.mapA(pair.a), await common.mapA(pair.b)];
    const { values } = await compare(
      x,
      y,
      { agree: true, b: y },
      {
        ...shared,
        discrepancies: again,
        strict: false,
        perClass: false,
        onStart: (what) => options.onProgress?.({ done: done++, total, what: `${what} of ${pair.name}` }),
      },
    );
    references.push({ name: pair.name, noise: pair.noise, values });
  }
  return {
    a: sides.a.name,
    b: sides.b.name,
    perClass,
    values: found.values,
    bounds: held.bounds,
    skipped: { ...found.skipped, ...held.skipped },
    failed: { ...found.failed, ...held.failed },
    references,
    ...(common.report && { pushForward: common.report }),
    interrupted: signal?.aborted ?? false,
  };
}

/** The bounds, or why there are none: what was computed before is not lost to them. */
async function orReason(
  compute: () => Promise<readonly Bound[]>,
): Promise<Pick<Measurement, "bounds" | "skipped" | "failed">> {
  try {
    return { bounds: await compute(), skipped: {}, failed: {} };
  } catch (error) {
    const reason = { bounds: error instanceof Error ? error.message : String(error) };
    const input = error instanceof AttarError && error.exitCode === 2;
    return { bounds: [], skipped: input ? reason : {}, failed: input ? {} : reason };
  }
}

/** The field's ConvNet, or an MLP for images too small for it, such as the rows of a table. */
function defaultNetwork({ points }: EmpiricalMeasure): NetworkSpec {
  const [, , height = 0, width = 0] = points.shape;
  return points.shape.length === 4 && Math.min(height, width) < 8 ? mlp() : convnet();
}

interface Wanted {
  readonly spec: Exclude<EncoderSpec, { kind: "file" }>;
  readonly encoder?: Encoder;
  /** The normalisation of images for an encoder that was fitted before. */
  readonly normalisation?: EncoderNormalisation;
}

async function encoderWanted(asked: string | Encoder | undefined): Promise<Wanted> {
  const pixels = { kind: "pixels" } as const;
  if (asked === undefined) return { spec: pixels };
  if (typeof asked !== "string") return { spec: pixels, encoder: asked };
  const spec = parseEncoder(asked);
  if (spec.kind !== "file") return { spec };
  const { readRaw }: typeof import("../data/node/readBytes.node.ts") = await inNode("../data/node/readBytes.node");
  return { spec: pixels, ...(await parseEncoderFile(await readRaw(spec.path), spec.path)) };
}

/** A module for Node alone: bundlers for the browser must not follow its path, which is put together at run time. */
const inNode = (path: string) =>
  import(/* @vite-ignore */ new URL(`${path}.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url).href);

async function openSides(
  a: string | EmpiricalMeasure,
  b: string | EmpiricalMeasure,
  { seed = 0, reading, onDataset, signal }: MeasureOptions,
  fixed: EncoderNormalisation | undefined,
): Promise<Sides> {
  if (typeof a === "string" && typeof b === "string") {
    const { openBoth }: typeof import("./node/source.node.ts") = await inNode("./node/source.node");
    const [x, y] = await openBoth(a, b, seed, { reading, onDataset, signal });
    const own = x.normalisation ?? y.normalisation;
    const normalisation = fixed && own ? fittedBefore(own, fixed) : own;
    return { a: await x.points(normalisation), b: await y.points(normalisation), normalisation };
  }
  if (typeof a === "string" || typeof b === "string")
    throw new AttarError(
      "bad-subject",
      "one side is named and the other is a measure, so that no normalisation is common to both",
      "name both, or give two measures",
    );
  return { a, b };
}

/** The normalisation of images for an encoder that was fitted before: its mean and deviation, in its units. */
function fittedBefore(own: Normalisation, fixed: EncoderNormalisation): Normalisation {
  return hasUnits(own) ? { scale: 1, ...fixed } : { ...own, zca: undefined, ...fixed };
}

/** Refuses sides of different shapes, and codes without the encoder they are of, before anything is trained. */
function checkAlike({ a, b }: Sides, { spec, encoder }: Wanted): void {
  const shape = ({ points }: EmpiricalMeasure) => points.shape.slice(1).join("x");
  const latent = [a, b].filter(isLatent);
  if (latent.length === 1 && !encoder)
    throw new AttarError(
      "shapes-differ",
      `${latent[0]!.name} is given by codes of length ${shape(latent[0]!)}, the other side by images`,
      spec.kind === "pixels"
        ? "name the encoder they were made with: --encoder <file>"
        : "an encoder fitted anew gives other codes; name the file of theirs: --encoder <file>",
    );
  if (latent.length !== 1 && shape(a) !== shape(b)) {
    const of = latent.length === 2 ? "codes of length" : "images of";
    throw new AttarError(
      "shapes-differ",
      `${a.name} has ${of} ${shape(a)} and ${b.name} has ${of} ${shape(b)}`,
      "name two sets of one size",
    );
  }
}

/** Tells whether the sides will be images where they are compared. */
function meetAsImages({ a, b }: Sides, { spec, encoder }: Wanted, space: Space): boolean {
  const latent = [a, b].filter(isLatent).length;
  if (spec.kind === "pixels" && !encoder) return latent === 0;
  return latent === 1 && space === "input";
}

async function fitted(
  spec: Wanted["spec"],
  { a, normalisation }: Sides,
  network: NetworkSpec,
  { seed = 0, signal, artefacts }: MeasureOptions,
): Promise<Encoder | undefined> {
  if (spec.kind === "pixels") return undefined;
  if (isLatent(a))
    throw new AttarError("two-latent", "both sides are codes already", "leave out --encoder to compare them");
  const { name, points: images, labels, classes } = a;
  const set = { name, images, labels, classes };
  if (!artefacts || (spec.kind === "network" && spec.epochs === 0))
    return fitEncoder(spec, set, network, randomKey(seed).fold("encoder"), { signal });
  const [, ...shape] = images.shape as [number, number, number, number];
  const units = normalisation && { ...inPlainUnits(normalisation, shape), zca: normalisation.zca };
  const source = { set, checksum: await setChecksum(set), ...(units && { normalisation: units }) };
  return openEncoder(artefacts, source, { spec, network, seed });
}
