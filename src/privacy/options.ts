import { choice, integer, number, type OptionRules } from "../engine/options.ts";

/** The options of privacy: `--set privacy.epsilon=1` makes a method private, if it reads sums only. */
export const privacyOptions = {
  epsilon: number(0, 0, undefined, "ε that the run keeps; 0: the noise is what sigma says"),
  sigma: number(0, 0, undefined, "standard deviation of the noise over the clip; 0: the least that keeps epsilon"),
  delta: number(0, 0, 1, "δ; 0: 1e-5 for 50,000 samples and more, one in ten times their number otherwise"),
  clip: number(1, 1e-6, undefined, "largest norm of what one sample adds to a sum, where it has no bound of its own"),
  sampling: choice(
    "poisson",
    ["poisson", "all"],
    "each sample enters a release by a coin of its own, realBatch of a class on average; or all of them do",
  ),
  releases: integer(
    0,
    0,
    undefined,
    "noised sums that there are; more steps use them again, which is free; 0: one a step",
  ),
  relation: choice(
    "add-remove",
    ["add-remove", "replace-one"],
    "data sets that are not to be told apart: one has a sample more, or another one in a sample's place",
  ),
  counts: number(
    0,
    0,
    undefined,
    "standard deviation of the noise on the classes' sizes, in samples; 0: they are taken as equal, and not read",
  ),
  noise: choice("grid", ["grid", "float"], "discrete noise on whole numbers, or that of floats, which backs no claim"),
} satisfies OptionRules;
