import { AttarError, type OptionValues, text } from "../engine/index.ts";
import { type EncoderSpec, parseEncoder } from "../views/pushForward/index.ts";

/** An encoder that is fitted to T. */
export type FittedSpec = Exclude<EncoderSpec, { kind: "file" | "pixels" }>;

/** The space in which a rule compares the images of a class: their pixels, or their codes under an encoder fitted to T (§4). */
export const encoderOption = text(
  "none",
  "none, pca:50, network:random, network:trained,layer=2 or autoencoder:32,epochs=20",
  (value) => value === "none" || read(value) !== undefined,
  "encoder fitted to T in whose codes images are compared; none for pixels",
);

/** The encoder that a rule's options ask for; undefined where it compares pixels. */
export const encoderAsked = ({ encoder = "none" }: OptionValues): FittedSpec | undefined =>
  encoder === "none" ? undefined : read(String(encoder));

/** A text as an encoder that can be fitted, if it is one. */
function read(value: string): FittedSpec | undefined {
  try {
    const spec = parseEncoder(value);
    return spec.kind === "file" || spec.kind === "pixels" ? undefined : spec;
  } catch (error) {
    if (error instanceof AttarError) return undefined;
    throw error;
  }
}
