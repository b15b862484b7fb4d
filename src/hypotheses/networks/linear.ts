import { flatten } from "../layers/stage.ts";
import { declareArchitecture } from "./architecture.ts";

/** A linear model: the last layer alone, over the sample itself, which is its embedding. */
export const linearArchitecture = declareArchitecture({
  name: "linear",
  title: "linear model",
  options: {},
  body: () => flatten,
});
