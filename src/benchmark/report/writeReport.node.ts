import { join } from "node:path";
import { domainOf } from "../../data/domain.ts";
import { makeFolder, parseCondensed, writeAtomic } from "../../data/index.ts";
import { gridImage } from "../../data/pictureFiles.ts";
import { encodeRows } from "../rows/encode.node.ts";
import type { Row } from "../rows/row.ts";
import type { Store } from "../store/store.ts";
import { reportPage } from "./page.ts";
import type { ReportSource } from "./report.ts";

export interface ReportOptions extends Omit<ReportSource, "rows" | "pictures" | "files"> {
  /** The store that holds the sets, for their pictures; none are shown without it. */
  readonly store?: Store;
  /** One file with everything in it, and no rows beside it. */
  readonly singleFile?: boolean;
}

/**
 * Writes the report of some rows: `index.html`, the rows as Parquet and CSV, and a picture of every set by its digest.
 *
 * @returns the path of the page
 * @throws AttarError "cannot-write"
 */
export async function writeReport(folder: string, rows: readonly Row[], options: ReportOptions): Promise<string> {
  const { store, singleFile = false, ...source } = options;
  await makeFolder(folder);
  const pictures = new Map<string, string>();
  for (const [digest, picture] of store ? await picturesOf(rows, store) : [])
    if (singleFile) pictures.set(digest, `data:image/png;base64,${Buffer.from(picture).toString("base64")}`);
    else {
      const name = `images/${digest.slice(0, 16)}.png`;
      await makeFolder(join(folder, "images"));
      await writeAtomic(join(folder, name), picture);
      pictures.set(digest, name);
    }
  const files = singleFile
    ? []
    : ([
        ["rows.parquet", "Parquet"],
        ["rows.csv", "CSV"],
      ] as const);
  for (const [name] of files)
    await writeAtomic(join(folder, name), encodeRows(rows, name === "rows.csv" ? "csv" : "parquet"));
  const page = join(folder, "index.html");
  await writeAtomic(page, reportPage({ ...source, rows, pictures, files }));
  return page;
}

/** PNG pictures of the sets of rows, by digest; of samples that are no images there are none. */
async function picturesOf(rows: readonly Row[], store: Store): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const digest of new Set(rows.flatMap(({ set }) => set ?? []))) {
    if (!(await store.hasObject(digest))) continue;
    const set = parseCondensed(await store.object(digest), digest);
    const channels = set.shape.length === 3 ? set.shape[0] : 0;
    if (!set.table && (channels === 1 || channels === 3) && domainOf(set.shape).kind === "image")
      found.set(digest, gridImage(set));
  }
  return found;
}
