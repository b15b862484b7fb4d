import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { badData } from "../badData.ts";
import type { Dataset, Split } from "../dataset.ts";
import { type LabelledTable, parseCsv } from "../formats/csv.ts";
import { guessScale, narrow, tableShape } from "../imageArrays.ts";
import { indexLabels, sortedNames } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { readBytes } from "./readBytes.node.ts";

/**
 * Reads a CSV of pixels or features with a label column. Where the file's name says "train", the file beside it that
 * says "test" instead is the test split.
 *
 * @throws AttarError "bad-data"
 */
export async function loadCsv(path: string, name: string, kind?: NormalisationKind): Promise<Dataset> {
  const train = await read(path);
  const twin = join(dirname(path), basename(path).replace(/train/i, "test"));
  const test = twin !== path && existsSync(twin) ? await read(twin) : undefined;
  if (test && test.features !== train.features)
    throw badData(twin, `has ${test.features} features, ${basename(path)} has ${train.features}`);
  const [values, range] = narrow(train.values);
  const [testValues] = test ? narrow(test.values) : [undefined];
  const bytes = values instanceof Uint8Array && (!test || testValues instanceof Uint8Array);
  const classes = sortedNames(train.labels);
  const split = (table: LabelledTable, narrowed: Split["images"], where: string): Split => ({
    images: bytes ? narrowed : table.values,
    labels: indexLabels(table.labels, classes, where),
  });
  return makeDataset(
    {
      name,
      shape: tableShape(train.features, bytes ? values : train.values),
      classes,
      train: split(train, values, path),
      ...(test && { test: split(test, testValues!, twin) }),
      scale: bytes ? guessScale(range) : 1,
      source: path,
    },
    kind,
  );
}

const read = async (path: string) => parseCsv(new TextDecoder().decode(await readBytes(path)), path);
