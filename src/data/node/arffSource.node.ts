import { arffSourceOf } from "../table/arffSource.ts";
import type { TableSource } from "../table/tableSource.ts";
import { readBytes } from "./readBytes.node.ts";

/** An ARFF file as a source. @throws AttarError "bad-data" */
export const arffSource = async (path: string): Promise<TableSource> =>
  arffSourceOf(new TextDecoder().decode(await readBytes(path)), path);
