import type { Dataset } from "../data/dataset.ts";
import { type RealReader, readerOf, type Samples, trainingPositions } from "../data/reader.ts";
import type { FoundCovering } from "../discrepancies/hausdorff/selection.ts";
import { AttarError, type OptionValues, Pace, type RandomKey, size } from "../engine/index.ts";
import type { GeneratorSpec, HostedGenerator } from "../generators/index.ts";
import type { Encoder } from "../views/pushForward/index.ts";
import { encoderAsked, type FittedSpec } from "./encoderOption.ts";
import type { GivenImages } from "./givenImages.ts";
import { selectionNamed } from "./initialisations.ts";

/** A rule that chooses real images, by name and options. */
export interface ChosenRule {
  readonly name: string;
  readonly options?: OptionValues;
  /** Fits the encoder to T that the options ask for. */
  readonly fit?: (spec: FittedSpec) => Promise<CodesOf>;
  /** Images that S starts from where there are some, in place of the rule's. */
  readonly given?: GivenImages;
  /** The generator trained on T that a latent space asks for. */
  readonly trained?: (request: GeneratorRequest) => Promise<TrainedGenerator>;
  /** Is told what a person should know of the choice. */
  readonly onNote?: (note: string) => void;
}

/** A generator trained on T, as it is asked for. */
export interface GeneratorRequest {
  readonly spec: GeneratorSpec;
  /** Steps of its training. */
  readonly steps: number;
  /** True where its quality must be known. */
  readonly judged: boolean;
}

/** A generator with its weights, and the share of its samples that are of the class asked for, where it was judged. */
export interface TrainedGenerator extends HostedGenerator {
  readonly quality: { readonly fidelity: number } | undefined;
  /** True of weights that were not trained, in an estimate. */
  readonly standsIn?: boolean;
}

/** The part of an encoder that a rule needs which compares codes. */
export type CodesOf = Pick<Encoder, "encode" | "dimension" | "decode">;

/** The encoder that a rule's options ask for, fitted to T; none where it compares pixels. @throws AttarError as fitting does. */
export async function fittedFor({ name, fit }: ChosenRule, options: OptionValues): Promise<CodesOf | undefined> {
  const asked = encoderAsked(options);
  if (asked && !fit)
    throw new AttarError("bad-option", `${name} would compare codes, and only pixels are at hand`, "leave out encoder");
  return asked && fit?.(asked);
}

/**
 * A coreset: `ipc` real images of every class, chosen per class among normalised pixels by a declared rule.
 *
 * @param options what may be set of the rule, but for an encoder
 * @returns positions in the training split, class-major.
 * @throws AttarError "unknown-method", "bad-option" or "ipc-too-large" (exit code 2), "interrupted" (4) where the signal is aborted.
 */
export async function selectCoreset(
  dataset: Dataset,
  rule: string,
  ipc: number,
  key: RandomKey,
  signal?: AbortSignal,
  options: OptionValues = {},
): Promise<number[]> {
  const reader = readerOf(dataset);
  checkSizes(reader, ipc);
  const chosen = await chooseByClass(reader, { name: rule, options }, ipc, key, signal);
  return trainingPositions(dataset, chosen);
}

/**
 * The choice of a rule in every class, as positions within the class; all images of a class with fewer than `ipc`.
 *
 * @throws AttarError "unknown-method", "bad-option" (exit code 2), "interrupted" (4) where the signal is aborted, and as fitting
 * an encoder does.
 */
export async function chooseByClass(
  reader: RealReader,
  rule: ChosenRule,
  ipc: number,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<number[][]> {
  const { name, onNote } = rule;
  const { select, blind, options } = selectionNamed(name, rule.options);
  const encoder = await fittedFor(rule, options);
  const d = encoder?.dimension ?? size(reader.facts.shape);
  const pace = new Pace(signal);
  const chosen: number[][] = [];
  const coverings: FoundCovering[] = [];
  try {
    for (const [c, count] of reader.sizes.entries()) {
      const points = blind ? new Float32Array(count * d) : await pointsOf(reader, name, c, pace, encoder);
      const onFound = (covering: FoundCovering) => void coverings.push(covering);
      chosen.push(await select(points, d, Math.min(ipc, count), key.fold(c), pace, onFound));
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new AttarError(
      "interrupted",
      "the choice of a coreset was interrupted; nothing of it is kept",
      "run the same command again",
      4,
    );
  }
  if (coverings.length > 0) onNote?.(coveringWords(name, coverings));
  return chosen;
}

/** How small the radii of coverings are, and how much smaller they might be. */
function coveringWords(name: string, coverings: readonly FoundCovering[]): string {
  const radii = coverings.map(({ radius }) => radius);
  const open = coverings.map(({ radius, atLeast }) => radius / atLeast - 1);
  const range = `${Math.min(...radii).toPrecision(4)} to ${Math.max(...radii).toPrecision(4)}`;
  const proven = open.filter((share) => !(share > 1e-6)).length;
  const rest =
    proven === coverings.length
      ? "each is the least there is"
      : `${proven} of ${coverings.length} are proven the least, none is more than ${(100 * Math.max(...open)).toFixed(1)} % above it`;
  return `${name}: radii of ${range} by class; ${rest}`;
}

/** The number of images that are read together, between looks at the clock. */
const readAtOnce = 64;

async function pointsOf(
  reader: RealReader,
  rule: string,
  c: number,
  pace: Pace,
  encoder?: CodesOf,
): Promise<Float32Array> {
  const { facts, sizes } = reader;
  const pixels = size(facts.shape);
  const d = encoder?.dimension ?? pixels;
  const count = sizes[c]!;
  const points = new Float32Array(count * d);
  const each = facts.normalisation.zca ? pixels * pixels : pixels;
  const view = {
    name: `${encoder ? "codes" : "pixels"} that ${rule} compares`,
    of: async ({ images }: Samples) => (encoder ? await encoder.encode(images) : images).data,
  };
  for (let at = 0; at < count; at += readAtOnce) {
    const positions = Array.from({ length: Math.min(readAtOnce, count - at) }, (_, i) => at + i);
    points.set(await reader.rows(view, { classes: [c], positions: [positions] }), at * d);
    if (pace.spent(positions.length * each)) await pace.pause();
  }
  return points;
}

/** @throws AttarError where a class has fewer than `ipc` images. */
function checkSizes({ facts, sizes }: RealReader, ipc: number): void {
  if (!Number.isSafeInteger(ipc) || ipc < 1)
    throw new AttarError("bad-option", `ipc must be a whole number of at least 1, got ${ipc}`, "for example --ipc 10");
  for (const [c, count] of sizes.entries())
    if (ipc > count)
      throw new AttarError(
        "ipc-too-large",
        `ipc ${ipc} is larger than class "${facts.classes[c]}" of ${facts.name}, which has ${count} training images`,
        `use --ipc ${count} or less`,
      );
}
