export { byClass } from "./byClass.ts";
export { channelStatistics } from "./channelStatistics.ts";
export { datasetChecksum, sha256 } from "./checksum.ts";
export { condensedFormat, encodeCondensed, parseCondensed } from "./condensedSet.ts";
export { type LabelledTable, parseCsv } from "./csv/table.ts";
export type { CondensedSet, Dataset, Normalisation, Split, ValueRange, Zca } from "./dataset.ts";
export { datasetFromArrays } from "./datasetFromArrays.ts";
export { datasetFromFiles, type FilesOptions, type PageFile } from "./datasetFromFiles.ts";
export { type DatasetInfo, infoOf, infoOfKnown } from "./datasetInfo.ts";
export { loadDigits } from "./digits.ts";
export {
  type Axis,
  arrayShape,
  type Domain,
  domainOf,
  embeddingDomain,
  imageDomain,
  seriesDomain,
  tableDomain,
} from "./domain.ts";
export { exportArrays } from "./exportArrays.ts";
export { exportLosses } from "./exportLosses.ts";
export { exportZip } from "./exportZip.ts";
export { type CifarKind, parseCifar } from "./formats/cifar.ts";
export { type Idx, parseIdx } from "./formats/idx.ts";
export { type Inflate, inflate, isGzip } from "./formats/inflate.ts";
export { encodeNpy, type NumericArray, type NumericTensor, parseNpy } from "./formats/npy.ts";
export { encodeNpz, parseNpz } from "./formats/npz.ts";
export { encodePng, type PlanarImage, parsePng } from "./formats/png.ts";
export { encodeSafetensors, maxHeaderBytes, parseSafetensors, type SafeTensors } from "./formats/safetensors.ts";
export { parseStrictJson } from "./formats/strictJson.ts";
export { parseSvhn } from "./formats/svhn.ts";
export { grid } from "./grid.ts";
export type { Fit, ImageOptions } from "./images/imageOptions.ts";
export { type KnownDataset, knownDataset, knownDatasets } from "./knownDatasets.ts";
export { makeDataset, type NormalisationKind, type RawDataset } from "./makeDataset.ts";
export { denormalise, normalise, standardise, unclipped } from "./normalise.ts";
export { normaliseBatch } from "./normaliseBatch.ts";
export { clippedShare, type Picture, pictures } from "./pictures.ts";
export type { Reading } from "./reading.ts";
export type { PictureSize, ReadOptions } from "./readOptions.ts";
export { type Cell, type DecodedColumn, decodeTable } from "./table/decode.ts";
export type { TableColumn, TablePreparation } from "./table/preparation.ts";
export { unwhiten, whiten } from "./whiten.ts";
