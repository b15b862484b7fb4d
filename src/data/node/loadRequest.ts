import type { NormalisationKind } from "../makeDataset.ts";
import type { ReadOptions } from "../readOptions.ts";
import type { ImageLoading } from "./images/packSplit.node.ts";

/** What is loaded, and how. */
export interface LoadRequest {
  /** The file or folder. */
  readonly path: string;
  /** The dataset's name. */
  readonly name: string;
  readonly kind: NormalisationKind | undefined;
  readonly options: ReadOptions;
  readonly loading: ImageLoading;
}
