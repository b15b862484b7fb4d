import { AttarError } from "../engine/errors.ts";
import { shellWord } from "../engine/shellWord.ts";
import type { Split } from "./dataset.ts";
import type { KnownDataset } from "./knownDatasets.ts";

/** The place at which a dataset was found that was asked for by its name. */
export interface FoundAt {
  readonly folder: string;
  /** True where `attar data pull` puts its files there. */
  readonly pulled: boolean;
}

/**
 * Checks that a dataset which was asked for by its name has as many images as the one that is known by it.
 *
 * @throws AttarError "other-dataset" (exit code 2)
 */
export function checkCounts(
  { train, test }: { readonly train: Split; readonly test?: Split },
  known: KnownDataset,
  at: FoundAt,
): void {
  for (const [split, found, expected] of [
    ["training", train.labels.length, known.counts.train],
    ["test", test?.labels.length ?? 0, known.counts.test],
  ] as const) {
    const count = expected.reduce((sum, n) => sum + n, 0);
    if (found !== count) throw otherDataset(known, at, `${found} ${split} images instead of ${count}`);
  }
}

/**
 * Checks the content of a dataset's official files, where their checksum is known. Other files of the same images, such as
 * Parquet, may hold them in another order.
 *
 * @throws AttarError "other-dataset" (exit code 2)
 */
export function checkContent(checksum: string, known: KnownDataset, at: FoundAt): void {
  const { officialChecksum: expected = checksum } = known;
  const short = (digest: string) => `${digest.slice(0, 12)}…`;
  if (checksum !== expected) throw otherDataset(known, at, `checksum ${short(checksum)} instead of ${short(expected)}`);
}

const otherDataset = ({ name }: KnownDataset, { folder, pulled }: FoundAt, what: string) =>
  new AttarError(
    "other-dataset",
    `what lies in ${folder} is not ${name}: ${what}`,
    pulled ? `attar data pull ${name}` : `to use it as it is, give its path: attar data info ${shellWord(folder)}`,
  );
