import { work } from "../../engine/index.ts";
import { infiniteNetwork } from "./infiniteNetwork.ts";

/**
 * The Gaussian process kernel of infinitely wide networks, E_θ f_θ(x) f_θ(y): layer by layer q ← σ_w² E[relu relu] + σ_b²
 * (fullyConnected.ts, convolutional.ts). Random networks approach it: randomFeatureNngp.ts.
 */
export const nngp = infiniteNetwork("nngp", {
  title: "infinitely wide network with only its last layer trained",
  citation: work(
    "J. Lee, Y. Bahri, R. Novak, S. S. Schoenholz, J. Pennington and J. Sohl-Dickstein",
    2018,
    "Deep Neural Networks as Gaussian Processes",
    "ICLR",
  ),
});
