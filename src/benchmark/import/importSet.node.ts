import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import type { CondensedSet, Dataset } from "../../data/dataset.ts";
import { readRaw, writeAtomic, writeCondensed } from "../../data/index.ts";
import { AttarError, defaultRuntime, type Runtime } from "../../engine/index.ts";
import { storedBytes } from "../../evaluate/storage.ts";
import { condensedOf } from "./condensedOf.ts";
import { type Classifier, classifierOf } from "./doctor/classifier.ts";
import { type Diagnosis, examine } from "./doctor/doctor.ts";
import { filesAt } from "./files.node.ts";
import type { ForeignSet, Space } from "./foreignSet.ts";
import { layoutNamed } from "./layouts/layouts.node.ts";
import { type OwnUnits, plainUnits, whitenedUnits } from "./units.ts";

export interface ImportOptions {
  /** The layout: vico, mtt, idc, dd-ranking, kip, npz, imagefolder. */
  readonly as: string;
  /** The units of the images; the layout's usual ones where left out. */
  readonly space?: Space;
  /** Mean and deviation that authors normalised with; the dataset's where left out. */
  readonly own?: OwnUnits;
  /** Tiles along a side of an image, of layouts that are undecoded. */
  readonly factor?: number;
  /** The class that each label means; the labels' own where left out. */
  readonly order?: readonly number[];
  /** Which of a file's sets; all where left out. */
  readonly set?: number;
  /** The accuracy that is claimed, as a fraction, and where. */
  readonly claimed?: number;
  readonly source?: string;
  /** The name that it has in tables; the file's where left out. */
  readonly name?: string;
  readonly runtime?: Runtime;
  /** A network that was trained on the dataset, by which labels are judged; one is trained where it is left out. */
  readonly classifier?: Classifier;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** A set that was taken in. */
export interface Imported {
  readonly folder: string;
  readonly set: CondensedSet;
  readonly bytes: number;
  readonly notes: readonly string[];
  readonly diagnosis: Diagnosis;
}

/**
 * Takes in a set that was made elsewhere: reads its file as data, writes a condensed set that `evaluate` reads, with a record of where it
 * is from and what is claimed of it, and looks for what is often wrong. Several sets of a file go to folders of their own.
 *
 * @param out the folder to write to
 * @throws AttarError "bad-data", "absent-file", "unknown-option", "bad-option", "cannot-write"
 */
export async function importSets(
  path: string,
  dataset: Dataset,
  out: string,
  options: ImportOptions,
): Promise<readonly Imported[]> {
  const { as, runtime = defaultRuntime(), factor = 1 } = options;
  const layout = layoutNamed(as);
  const space = options.space ?? layout.space;
  if (dataset.target || dataset.domain.kind !== "image")
    throw new AttarError(
      "bad-option",
      `sets of images are taken in, and ${dataset.name} has ${dataset.domain.kind === "image" ? "numbers to predict" : "other samples"}`,
      "name the dataset of images that the set was condensed from: --on cifar-10",
    );
  const files = await filesAt(path);
  const all = await layout.sets(files, dataset, { factor });
  const chosen = options.set === undefined ? [...all.keys()] : [options.set];
  if (chosen.some((i) => all[i] === undefined))
    throw new AttarError("bad-option", `${path} has ${all.length} sets, numbered from 0`, `--set ${all.length - 1}`);
  const units =
    space === "zca" ? await runtime.throughout(() => whitenedUnits(dataset, layout)) : plainUnits(dataset, options.own);
  const sets = chosen.map((i) => reordered(all[i]!, dataset, options.order));
  const classifier = options.classifier ?? (await classifierOf(dataset, { ...options, runtime }));
  const imported: Imported[] = [];
  try {
    for (const [place, i] of chosen.entries()) {
      const found = sets[place]!;
      const folder = chosen.length === 1 ? out : join(out, String(i));
      const diagnosis = await examine(found, dataset, classifier, {
        space,
        units,
        layout,
        runtime,
        seed: options.seed ?? 0,
      });
      const set = condensedOf(found, dataset, { space, units, name: options.name ?? nameOf(path), factor });
      await writeCondensed(join(folder, "condensed.safetensors"), set);
      const record = {
        file: resolve(path),
        sha256: files.isFolder
          ? undefined
          : createHash("sha256")
              .update(await readRaw(path))
              .digest("hex"),
        as,
        ...(all.length > 1 && { set: i }),
        on: dataset.name,
        space,
        ...(factor > 1 && { factor }),
        ...(options.order && { order: options.order }),
        ...(options.claimed !== undefined && { claimed: options.claimed }),
        ...(options.source !== undefined && { source: options.source }),
        notes: found.notes,
        diagnosis,
      };
      await writeAtomic(join(folder, "import.json"), `${JSON.stringify(record, null, 2)}\n`);
      imported.push({ folder, set, bytes: storedBytes(set), notes: found.notes, diagnosis });
    }
  } finally {
    if (!options.classifier) classifier.dispose();
  }
  return imported;
}

const nameOf = (path: string) => basename(path).replace(/\.(pth?|npz)$/i, "");

/** A set with its labels renamed: label i becomes class order[i]. */
function reordered(set: ForeignSet, { classes, name }: Dataset, order?: readonly number[]): ForeignSet {
  if (!order) return set;
  const k = classes.length;
  if (order.length !== k || new Set(order).size !== k || order.some((c) => !(c >= 0 && c < k)))
    throw new AttarError(
      "bad-option",
      `--order takes the ${k} classes of ${name}, each once, from 0`,
      `for example --order ${classes.map((_, c) => k - 1 - c).join(",")}`,
    );
  const soft = set.softLabels?.slice();
  if (soft) for (let i = 0; i < soft.length; i++) soft[i - (i % k) + order[i % k]!] = set.softLabels![i]!;
  return { ...set, labels: set.labels.map((label) => order[label]!), ...(soft && { softLabels: soft }) };
}
