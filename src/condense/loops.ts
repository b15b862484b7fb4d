import type { Dataset } from "../data/dataset.ts";
import type { Method } from "../methods/method.ts";
import { Bilevel } from "./bilevel/bilevel.ts";
import type { Configuration } from "./configuration.ts";
import type { ExpertSource } from "./experts/expertSource.ts";
import type { Loop } from "./loop.ts";
import { Matcher } from "./match/matcher.ts";

/** The loop of each kind of method that has steps. */
export const loops = {
  match: Matcher,
  bilevel: Bilevel,
} satisfies Record<
  Exclude<Method["loop"], "select">,
  new (
    dataset: Dataset,
    configuration: Configuration,
    experts?: ExpertSource,
  ) => Loop
>;
