import { integer, number } from "../../engine/index.ts";

/** The options of how two players take turns. */
export const turnOptions = (criticSteps: number) => ({
  criticSteps: integer(criticSteps, 1, 100, "steps of the critic for one of the generator"),
  average: number(0.999, 0, 1, "decay of the running mean of the generator's weights, which is what it comes to"),
});
