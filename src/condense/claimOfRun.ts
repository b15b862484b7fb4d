import type { Dataset } from "../data/dataset.ts";
import { type Claim, claimOf, planOf, privacySlot } from "../privacy/index.ts";
import type { Configuration } from "./configuration.ts";
import { type State, slotOf } from "./state.ts";

/** The privacy that a run claims at a state: of the sums that were released up to it; undefined where it keeps none. */
export function claimOfRun(dataset: Dataset, configuration: Configuration, state: State): Claim | undefined {
  const { privacy, terms } = configuration;
  if (!privacy) return undefined;
  const { normalisation, known, classes } = dataset;
  const { releases } = slotOf(state, privacySlot);
  const fitted = known === undefined && (normalisation.zca !== undefined || normalisation.mean.some((m) => m !== 0));
  return claimOf(planOf(privacy), {
    taken: releases?.data.length ?? 0,
    what: [...new Set(terms.map(({ view }) => view.name))].join(", "),
    public: [
      "the number of samples",
      `the names of ${classes.length} classes`,
      "the shape of a sample",
      ...(known === undefined ? [] : ["the mean and deviation of pixels, as published for the data set"]),
      "every setting of the run: none was chosen by looking at T",
    ],
    against: fitted ? ["mean and deviation of its features were computed from T without noise"] : [],
  });
}
