import { registry } from "../engine/index.ts";
import { attention } from "./attention.ts";
import { channels } from "./channels.ts";
import { embedding } from "./embedding.ts";
import { layers } from "./layers.ts";
import { lossGradient } from "./lossGradient.ts";
import { logits, pixels } from "./outputs.ts";
import type { View } from "./view.ts";

/** Every view, by the name declarations use. */
export const views = {
  attention,
  channels,
  embedding,
  layers,
  "loss-gradient": lossGradient,
  logits,
  pixels,
} satisfies Record<string, View>;

export type ViewName = keyof typeof views;

/** The views as a registry. */
export const viewRegistry = registry("view", views);

/** The view a declaration names. @throws AttarError "unknown-view" */
export const viewNamed = (name: string): View => viewRegistry.named(name);

export type { Features, LossGradient, SampleValues, View, Yields } from "./view.ts";
