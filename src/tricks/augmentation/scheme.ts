import {
  AttarError,
  type Citation,
  nearest,
  type RandomKey,
  samplesCalled,
  serves,
  type Tensor,
  tensor,
  work,
} from "../../engine/index.ts";
import { augmentOnHost } from "./augmentOnHost.ts";
import { type Draw, drawOperator, drawParameters, identityDraw, wideRotation } from "./draw.ts";
import { type Augmentable, type Operator, operatorTraits, parseStrategy, strategyFor } from "./strategy.ts";

/**
 * The ways of drawing operators: `siamese` draws one of them (Zhao and Bilen 2021); `composite` applies colour, flip and
 * cutout whenever they are listed, and exactly one of crop, scale and rotate (Kim et al. 2022); `per-image` is siamese with
 * an operator for every image of a batch that a network trains on, and rotates by up to 45° (Zhao et al. 2021).
 */
export const schemes = ["siamese", "composite", "per-image"] as const;
export type Scheme = (typeof schemes)[number];

/** The works that the schemes come from. */
export const schemeCitations: Readonly<Record<Scheme, Citation>> = {
  siamese: work(
    "B. Zhao and H. Bilen",
    2021,
    "Dataset Condensation with Differentiable Siamese Augmentation",
    "ICML",
    "b",
  ),
  composite: work(
    "J.-H. Kim, J. Kim, S. J. Oh, S. Yun, H. Song, J. Jeong, J.-W. Ha and H. O. Song",
    2022,
    "Dataset Condensation via Efficient Synthetic-Data Parameterization",
    "ICML",
  ),
  "per-image": work(
    "B. Zhao, K. R. Mopuri and H. Bilen",
    2021,
    "Dataset Condensation with Gradient Matching",
    "ICLR",
    "a",
  ),
};

/** An augmentation: the same draw for the real and the synthetic images of a group. */
export interface Augmentation {
  readonly scheme: Scheme;
  readonly operators: readonly Operator[];
}

/** True where colours change before pixels move, so that pixels that are filled in stay zero: the traced form must know it. */
export const coloursFirst = ({ scheme }: Pick<Augmentation, "scheme">): boolean => scheme === "composite";

/** Operators of a scheme where none are listed: the field's for the dataset, IDC's, and those DC's authors score MNIST with. */
const usualOperators: Readonly<Record<Scheme, (data: Augmentable) => string>> = {
  siamese: strategyFor,
  composite: () => "color_crop_cutout",
  "per-image": () => "crop_scale_rotate",
};

/**
 * Reads "none", operators ("color_crop_cutout", siamese), a scheme with its usual operators ("siamese", "composite", "per-image"), or both
 * ("composite:color_crop").
 *
 * @param data what is augmented: its domain says which operators are usual
 * @returns undefined for none
 * @throws AttarError "unknown-augmentation"; "no-images" for rows of a table
 */
export function parseAugmentation(text: string, data: Augmentable): Augmentation | undefined {
  if (text === "" || text === "none") return undefined;
  if (!serves(operatorTraits, data.domain.kind))
    throw new AttarError(
      "no-images",
      `the augmentation "${text}" is made for images, and these are ${samplesCalled(data.domain.kind)}`,
      "use none: --set augmentation=none to condense, --augmentation none to evaluate or to train experts",
    );
  const [head, list] = text.split(":") as [string, string | undefined];
  if ((schemes as readonly string[]).includes(head)) {
    const scheme = head as Scheme;
    return { scheme, operators: parseStrategy(list ?? usualOperators[scheme](data)) };
  }
  if (list !== undefined) {
    const guess = nearest(head, schemes);
    throw new AttarError(
      "unknown-augmentation",
      `unknown augmentation scheme "${head}" in "${text}"`,
      guess ? `did you mean "${guess}"?` : `use one of ${schemes.join(", ")}`,
    );
  }
  return { scheme: "siamese", operators: parseStrategy(text) };
}

/** An augmentation as `parseAugmentation` reads it. */
export const augmentationText = ({ scheme, operators }: Augmentation): string => `${scheme}:${operators.join("_")}`;

/** The augmentation that networks train under on a set that was condensed under a scheme, as the schemes' authors score. */
const trainingText: Readonly<Record<Scheme, (augmentation: Augmentation, data: Augmentable) => string>> = {
  siamese: ({ operators }) => operators.join("_"),
  composite: (_, data) => strategyFor(data),
  "per-image": augmentationText,
};

/** The augmentation under which a set is trained on that was condensed under one. */
export const trainedUnder = (augmentation: Augmentation, data: Augmentable): string =>
  trainingText[augmentation.scheme](augmentation, data);

/** One draw for a group of images of height × width. */
export function drawAugmentation(
  key: RandomKey,
  { scheme, operators }: Augmentation,
  height: number,
  width: number,
): Draw {
  const rotation = scheme === "per-image" ? wideRotation : undefined;
  if (scheme !== "composite")
    return drawParameters(key.fold("parameters"), drawOperator(key, operators), height, width, rotation);
  return compositeDraw(key, operators, geometric(key, operators), height, width);
}

/** The one operator of a composite draw that moves pixels. */
const geometric = (key: RandomKey, operators: readonly Operator[]) =>
  drawOperator(
    key,
    operators.filter((o) => o === "crop" || o === "scale" || o === "rotate"),
  );

function compositeDraw(
  key: RandomKey,
  operators: readonly Operator[],
  moving: Operator | undefined,
  height: number,
  width: number,
): Draw {
  const parameters = (operator: Operator | undefined) =>
    drawParameters(key.fold("parameters").fold(operator ?? "none"), operator, height, width);
  const listed = (operator: Operator) => parameters(operators.includes(operator) ? operator : undefined);
  const { brightness, saturation, contrast } = listed("color");
  const { affine, shift } = parameters(moving);
  const { cutout } = listed("cutout");
  const { flip } = listed("flip");
  return { ...identityDraw, brightness, saturation, contrast, affine, shift, flip, cutout, colourFirst: true };
}

/**
 * The same operators without the sharing, for training a network: which operator moves pixels is drawn once for the batch
 * (`per-image`: for every image), parameters for every image. The composite scheme leaves cutout out, as IDC does.
 */
export function augmentBatch(augmentation: Augmentation, shape: readonly [number, number, number]) {
  const draws = batchDraws(augmentation, shape);
  return (images: Tensor, key: RandomKey): Tensor =>
    tensor(augmentOnHost(images.data as Float32Array, shape, draws(key, images.shape[0]!)), images.shape);
}

/** The draws of {@link augmentBatch}, one an image. */
export function batchDraws({ scheme, operators }: Augmentation, [, height, width]: readonly [number, number, number]) {
  const own = operators.filter((o) => scheme !== "composite" || o !== "cutout");
  return (key: RandomKey, count: number): Draw[] => {
    if (scheme === "per-image")
      return Array.from({ length: count }, (_, i) =>
        drawAugmentation(key.fold(i), { scheme, operators: own }, height, width),
      );
    const drawn = scheme === "siamese" ? drawOperator(key, own) : geometric(key, own);
    return Array.from({ length: count }, (_, i) =>
      scheme === "siamese"
        ? drawParameters(key.fold(i), drawn, height, width)
        : compositeDraw(key.fold(i), own, drawn, height, width),
    );
  };
}
