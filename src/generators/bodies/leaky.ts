import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { plain, type StageMaker } from "../../hypotheses/layers/stage.ts";

/** x where positive, 0.2·x elsewhere: what critics and mappings are made with. Consumes it. */
export const leaky = (x: Traced): Traced => np.maximum(x.ref, x.mul(0.2));

/** {@link leaky} as a stage. */
export const leakyStage: StageMaker = (input) => plain(input, leaky);
