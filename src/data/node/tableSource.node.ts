import { csvSourceOf, type TableSource } from "../table/tableSource.ts";
import { filePieces } from "./filePieces.node.ts";

/** A CSV as a source, read in pieces. */
export const csvSource = (path: string): TableSource => csvSourceOf(path, () => filePieces(path));
