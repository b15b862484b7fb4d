import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { writeAtomic } from "../../../data/index.ts";
import type { Store } from "../../store/store.ts";

/** Milliseconds between two copies of what is under way. */
const every = 180_000;

/** What another machine needs to continue a job: records, logs, the newest checkpoint and scores; no pictures and no locks. */
const needed = /(^|\/)(run\.json|events\.ndjson|\.attar\.sha256|scores\.ndjson|seconds|state-\d+\.safetensors)$/;

/** Copies a job's folder to the store now and then, so that another machine can go on. */
export class Copier {
  private last = Date.now();
  private under: Promise<void> | undefined;
  private copied = false;

  constructor(
    private readonly store: Store,
    private readonly key: string,
    private readonly folder: string,
  ) {}

  /** @param now whether it is time, however long ago the last copy was. What goes wrong is no reason to stop computing. */
  copy(now: boolean): Promise<void> {
    if (!now && (this.under !== undefined || Date.now() - this.last < every)) return Promise.resolve();
    this.last = Date.now();
    this.copied = true;
    this.under = (this.under ?? Promise.resolve())
      .then(() => this.store.keepCheckpoint(this.key, filesOf(this.folder)))
      .catch(() => {})
      .finally(() => {
        this.under = undefined;
      });
    return this.under;
  }

  /** Removes the copies of a job that has its result. */
  async end(): Promise<void> {
    await this.under;
    if (this.copied) await this.store.dropCheckpoint(this.key).catch(() => {});
  }
}

/** Brings what another machine copied to a folder that has nothing of the job. */
export async function bring(store: Store, key: string, folder: string): Promise<void> {
  if (filesOf(folder).size > 0) return;
  for (const [name, content] of await store.checkpoint(key)) await writeAtomic(join(folder, name), content);
}

function filesOf(folder: string): ReadonlyMap<string, Uint8Array> {
  if (!existsSync(folder)) return new Map();
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split("\\").join("/"))
    .filter((name) => needed.test(name))
    .sort();
  const newest = paths.filter((name) => /state-\d+/.test(name)).at(-1);
  const wanted = paths.filter((name) => !/state-\d+/.test(name) || name === newest);
  return new Map(wanted.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}
