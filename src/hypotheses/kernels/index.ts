export { type ConvolutionalOptions, convolutionalKernel } from "./convolutional.ts";
export { kernelDiagonal } from "./diagonal.ts";
export { embed } from "./embed.ts";
export { type EmpiricalNtkOptions, empiricalNtk } from "./empiricalNtk.ts";
export { exponentialKernel } from "./exponential.ts";
export { type FeatureKernel, featureKernel, linearKernel } from "./featureMap.ts";
export { fourierKernel, spectralFrequencies } from "./fourier.ts";
export { type FullyConnectedOptions, fullyConnectedKernel } from "./fullyConnected.ts";
export { gaussianParameters } from "./gaussianParameters.ts";
export {
  type InfiniteNetwork,
  infiniteNetworkNamed,
  infiniteNetworks,
  kernelOfInfinite,
} from "./infiniteNetworks.ts";
export { type Limit, limitCitations, type Prior } from "./infiniteWidth.ts";
export { type Kernel, type Rows, rowsOf, type TensorTree, type TracedTree } from "./kernel.ts";
export { kernelMatrix } from "./matrix.ts";
export { meanEmbedding } from "./meanEmbedding.ts";
export { medianHeuristic } from "./medianHeuristic.ts";
export { neuralFeatureKernel, randomFeatureNngp } from "./networkFeatures.ts";
export { type KernelSums, kernelSums, type WeightedPoints } from "./sums.ts";
export { forEachTile, type Side, type Tile, type TileOptions } from "./tiles.ts";
