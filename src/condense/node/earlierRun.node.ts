import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CondensedSet } from "../../data/dataset.ts";
import { folderNames } from "../../data/folderNames.ts";
import { type DecodedImage, type PlanarImage, parsePng } from "../../data/formats/png.ts";
import { grid } from "../../data/grid.ts";
import { readCondensed } from "../../data/node/condensedFile.node.ts";
import { digestOf, type Manifest } from "../../data/node/manifest.node.ts";
import { pictures } from "../../data/pictures.ts";
import type { RunRecord } from "./runRecord.node.ts";

/** The name of a snapshot's picture. */
export const snapshotName = /^step-\d+\.png$/;

/**
 * The files of a run that a version without manifests wrote, as far as that is certain: the set where it is of this run's
 * method and dataset, its pictures where they show to the pixel what the set holds, and PNG images named as snapshots.
 *
 * @returns `set`, undefined where the run is not finished, and what was found.
 */
export async function earlierRun(run: string, record: RunRecord): Promise<{ set?: CondensedSet; manifest: Manifest }> {
  const manifest = new Map<string, ReadonlySet<string>>();
  const add = (path: string, content: Uint8Array) => manifest.set(path, new Set([digestOf(content)]));
  for (const name of await readdir(join(run, "snapshots")).catch(() => [] as string[])) {
    const content = await bytesOf(join(run, "snapshots", name));
    if (snapshotName.test(name) && content && decoded(content)) add(`snapshots/${name}`, content);
  }
  const path = join(run, "condensed.safetensors");
  const set = await readCondensed(path).catch(() => undefined);
  const { method, dataset } = record.configuration;
  const content = await bytesOf(path);
  if (!set || !content || set.method !== method || set.dataset !== dataset) return { manifest };
  add("condensed.safetensors", content);
  for (const [picture, image] of shown(set)) {
    const there = await bytesOf(join(run, picture));
    if (there && alike(decoded(there), image)) add(picture, there);
  }
  return { set, manifest };
}

/** Every picture of a set by its path in the run. */
function shown(set: CondensedSet): [string, PlanarImage][] {
  const all = pictures(set);
  const names = folderNames(set.classes);
  return [
    ["grid.png", grid(all)],
    ...all.map(({ image, label, k }): [string, PlanarImage] => [`images/${names[label]!}/${k}.png`, image]),
  ];
}

const bytesOf = (path: string) => readFile(path).catch(() => undefined);

function decoded(content: Uint8Array): DecodedImage | undefined {
  try {
    return parsePng(content, "");
  } catch {
    return undefined;
  }
}

const alike = (a: DecodedImage | undefined, b: PlanarImage) =>
  a?.data instanceof Uint8Array && a.width === b.width && a.height === b.height && Buffer.compare(a.data, b.data) === 0;
