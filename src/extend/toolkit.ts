/**
 * The toolkit that parts of one's own are made with: the arrays of a trace, declarations of every kind of part, and pieces
 * to build on.
 */
export * as jax from "@jax-js/jax";
export { measured } from "../discrepancies/discrepancy.ts";
export { type Discrepancy, overLeaves, traced } from "../discrepancies/index.ts";
export { AttarError, choice, flag, integer, number, randomKey, Tensor, tensor, work, zeros } from "../engine/index.ts";
export { activation } from "../hypotheses/layers/activation.ts";
export { conv2d } from "../hypotheses/layers/conv2d.ts";
export { linear } from "../hypotheses/layers/linear.ts";
export { normalisation } from "../hypotheses/layers/normalisation.ts";
export { globalAverage, pool2x2 } from "../hypotheses/layers/pooling.ts";
export { residual, sequential } from "../hypotheses/layers/sequential.ts";
export { flatten } from "../hypotheses/layers/stage.ts";
export { type Architecture, declareArchitecture } from "../hypotheses/networks/architecture.ts";
export { initialiseImages } from "../synthetic/initialise.ts";
export { type DataSpace, declareSpace, groundOf, type SpaceKind } from "../synthetic/space.ts";
export { unread } from "../tricks/regularisation/features.ts";
export {
  declareDirectional,
  declarePartition,
  declareProxy,
  declareRegularisation,
  type Trick,
} from "../tricks/trick.ts";
export { declareView, type View } from "../views/view.ts";
