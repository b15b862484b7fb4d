import type { DomainKind } from "../engine/serving.ts";

/** The meaning of an axis of a sample. */
export type Axis = "channel" | "height" | "width" | "time" | "feature";

/**
 * The kind of samples: their shape, axes and what serves them. JSON-serialisable.
 *
 * Arrays of samples are [n, channels, height, width] whatever the domain: a row of a table or an embedding lies there as
 * [features, 1, 1], a series as [channels, time, 1].
 */
export interface Domain {
  readonly kind: DomainKind;
  /** The sizes of a sample's own axes: [channels, height, width] of an image, [channels, time] of a series, [features] else. */
  readonly shape: readonly number[];
  /** The meaning of each of them. */
  readonly axes: readonly Axis[];
  /** The network that hypotheses and evaluations use where none is named. */
  readonly network: { readonly name: string; readonly options?: Readonly<Record<string, string | number | boolean>> };
  /** The augmentation operators that leave a sample in its class, in the order the field writes them. */
  readonly augmentations: readonly string[];
  /** [channels, height, width] of the picture that a sample is shown as. */
  readonly picture: readonly [number, number, number];
}

/** [channels, height, width] of a sample as arrays hold it. */
type ArrayShape = readonly [number, number, number];

/** The shape in which arrays hold a sample of a domain. */
export function arrayShape({ shape }: Pick<Domain, "shape">): ArrayShape {
  const [channels = 1, height = 1, width = 1] = shape;
  return [channels, height, width];
}

/**
 * Images of one shape.
 *
 * @param mirrored whether an image's mirror image is one of its class. Left out, it is guessed: in colour images are of
 * things, which have no side, and grey ones may be of characters, which have.
 */
export function imageDomain(shape: ArrayShape, mirrored = shape[0] !== 1): Domain {
  return {
    kind: "image",
    shape,
    axes: ["channel", "height", "width"],
    network: { name: "convnet" },
    augmentations: ["color", "crop", "cutout", ...(mirrored ? ["flip"] : []), "scale", "rotate"],
    picture: shape,
  };
}

/** Rows of a table: no operator on images suits them, and they are shown as strips of one pixel a feature. */
export function tableDomain(features: number): Domain {
  return {
    kind: "table",
    shape: [features],
    axes: ["feature"],
    network: { name: "mlp" },
    augmentations: [],
    picture: [1, 1, features],
  };
}

/** Series of numbers over time, one or several side by side: what mirrors or moves images does not suit them. */
export function seriesDomain(channels: number, length: number): Domain {
  return {
    kind: "series",
    shape: [channels, length],
    axes: ["channel", "time"],
    network: { name: "convnet1d" },
    augmentations: [],
    picture: [1, channels, length],
  };
}

/** Outputs of an encoder: rows of features that only a head is trained on. */
export const embeddingDomain = (features: number): Domain => ({
  ...tableDomain(features),
  kind: "embedding",
  network: { name: "linear" },
});

/** The domain of samples in arrays of a shape, as a person says or as the shape tells. */
export function domainAs(kind: "series" | "embedding" | undefined, shape: ArrayShape): Domain {
  if (kind === "series") return seriesDomain(shape[0], shape[1]);
  return kind === "embedding" ? embeddingDomain(shape[0]) : domainOf(shape);
}

/** The domain that an array's shape alone tells: images of one pixel are rows of a table, a channel a feature. */
export const domainOf = (shape: ArrayShape): Domain =>
  shape[1] === 1 && shape[2] === 1 ? tableDomain(shape[0]) : imageDomain(shape);
