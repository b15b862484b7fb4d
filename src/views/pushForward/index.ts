export { type AutoencoderOptions, fitAutoencoder } from "./autoencoder.ts";
export type { Encoder, FitOptions, FitProgress, FittingSet, SavedEncoder } from "./encoder.ts";
export {
  type Injectivity,
  injectivity,
  type Reconstruction,
  reconstruction,
  type Surjectivity,
  surjectivity,
} from "./faithfulness.ts";
export { fitNetworkEncoder, type NetworkEncoderOptions, networkEncoder } from "./network.ts";
export { type EncoderSpec, fitEncoder, parseEncoder } from "./parseEncoder.ts";
export { fitPca } from "./pca.ts";
export {
  type EncoderNormalisation,
  encodeEncoder,
  encoderFormat,
  encoderFrom,
  parseEncoderFile,
} from "./savedEncoder.ts";
