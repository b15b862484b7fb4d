import { frechet } from "./frechet.ts";

/** The distance of Gaussians with the moments of two sets, by name. */
export const frechetDiscrepancies = { frechet };

export { gaussianOf } from "./frechet.ts";
export { type Gaussian, squaredFrechet } from "./gaussians.ts";
