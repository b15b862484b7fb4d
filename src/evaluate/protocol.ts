import { sha256 } from "../data/checksum.ts";
import { fieldRecipe, type Recipe } from "../hypotheses/index.ts";
import { strategyFor } from "../tricks/index.ts";

/** How accuracies are obtained; the same object for a set and for everything it is compared with. JSON-serialisable. */
export interface Protocol {
  /** Its augmentation draws one operator per batch and parameters per image. */
  readonly recipe: Recipe;
  /** Networks trained per architecture, with different seeds. */
  readonly repeats: number;
  readonly seed: number;
  /** Only the last epoch is scored, on the whole test split. */
  readonly score: "last epoch";
  /** SHA-256 of the fields above. */
  readonly hash: string;
}

export interface ProtocolOptions {
  /** Defaults to 1000 with augmentation, 300 without. */
  epochs?: number;
  repeats?: number;
  seed?: number;
  augmentation?: string;
}

/**
 * The field's protocol (Zhao and Bilen's evaluation): SGD with momentum 0.9 and weight decay 5e-4, learning rate 0.01 divided
 * by ten at half, batch 256, siamese operators without the sharing.
 */
export async function protocolFor(dataset: string, options: ProtocolOptions = {}): Promise<Protocol> {
  const augmentation = options.augmentation ?? strategyFor(dataset);
  const epochs = options.epochs ?? (augmentation ? 1000 : 300);
  const body = {
    recipe: { ...fieldRecipe, epochs, augmentation },
    repeats: options.repeats ?? 5,
    seed: options.seed ?? 0,
    score: "last epoch",
  } as const;
  return { ...body, hash: await sha256(new TextEncoder().encode(JSON.stringify(body))) };
}
