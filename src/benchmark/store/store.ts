import { sha256 } from "../../data/checksum.ts";
import { parseStrictJson } from "../../data/formats/strictJson.ts";
import { AttarError } from "../../engine/errors.ts";
import { isDetermined, type JobKind } from "../jobs/job.ts";
import type { Backend } from "./backend.ts";
import { type Attempt, contentsOf, foundIn, isResult, type Result } from "./result.ts";

/** What became of a result that was handed in: kept, the same was there, or another was, and this one is kept aside. */
export type Settled = "kept" | "there" | "alarm";

/** The progress of a job under way. */
export interface JobProgress {
  readonly key: string;
  readonly name: string;
  readonly kind: JobKind;
  readonly host: string;
  readonly step: number;
  readonly steps: number;
  /** When it was written, as ISO 8601. */
  readonly at: string;
}

/**
 * What a benchmark keeps: `objects/` by the SHA-256 of their content, `results/<kind>/<key>.json`, written last and by the first
 * who comes, `attempts/` that came to none, and small notes for those who watch. The store is the truth; queues can be made again
 * from it.
 */
export class Store {
  constructor(private readonly backend: Backend) {}

  get where(): string {
    return this.backend.where;
  }

  /** The keys of a kind's results. */
  async keys(kind: JobKind): Promise<Set<string>> {
    const names = await this.backend.list(`results/${kind}/`);
    return new Set(names.map((name) => name.slice(name.lastIndexOf("/") + 1, -".json".length)));
  }

  /** Results by key, those that are there. @throws AttarError "damaged-store" */
  async results(kind: JobKind, keys: readonly string[]): Promise<ReadonlyMap<string, Result>> {
    const names = keys.map((key) => resultName(kind, key));
    const contents = await this.backend.many(names);
    const found = new Map<string, Result>();
    for (const [i, bytes] of contents.entries()) if (bytes) found.set(keys[i]!, this.resultIn(bytes, names[i]!));
    return found;
  }

  async result(kind: JobKind, key: string): Promise<Result | undefined> {
    return (await this.results(kind, [key])).get(key);
  }

  private resultIn(bytes: Uint8Array, name: string): Result {
    const value = this.json(bytes, name);
    if (!isResult(value))
      throw new AttarError(
        "damaged-store",
        `${this.where}/${name} is damaged, or not a result`,
        "put back a copy of it, or remove it: it is computed again",
        1,
      );
    return value;
  }

  private json(bytes: Uint8Array, name: string): unknown {
    try {
      return parseStrictJson(new TextDecoder().decode(bytes), `${this.where}/${name}`);
    } catch {
      return undefined;
    }
  }

  /**
   * Keeps a result, unless there is one. Another one than is there is kept aside under `alarms/`: the job is not determined by what
   * its key says.
   *
   * @param compare false for what measures a machine or draws secret noise, and is never the same twice
   */
  async settle(result: Result, { compare = true } = {}): Promise<Settled> {
    const { kind, key } = result;
    const bytes = encoded(result);
    if (await this.backend.add(resultName(kind, key), bytes)) return "kept";
    if (!compare) return "there";
    const before = await this.result(kind, key);
    if (!before || foundIn(before) === foundIn(result)) return "there";
    await this.backend.put(`alarms/${kind}/${key}-${(await sha256(bytes)).slice(0, 12)}.json`, bytes);
    return "alarm";
  }

  /** The results that are other than those that are kept. */
  async alarms(): Promise<readonly Result[]> {
    const names = await this.backend.list("alarms/");
    const contents = await this.backend.many(names);
    return contents.flatMap((bytes, i) => (bytes ? [this.resultIn(bytes, names[i]!)] : []));
  }

  /** Keeps a content. @returns its SHA-256, by which it is found */
  async keep(content: Uint8Array): Promise<string> {
    const digest = await sha256(content);
    await this.backend.add(objectName(digest), content);
    return digest;
  }

  /** @throws AttarError "damaged-store" where it is absent, or not what its name says */
  async object(digest: string): Promise<Uint8Array> {
    const content = await this.backend.get(objectName(digest));
    const fault = !content ? "is not there" : (await sha256(content)) === digest ? undefined : "has changed";
    if (!fault) return content!;
    throw new AttarError(
      "damaged-store",
      `${this.where}/${objectName(digest)} ${fault}`,
      "put back a copy of it, or remove the result that names it: it is computed again",
      1,
    );
  }

  async hasObject(digest: string): Promise<boolean> {
    return (await this.backend.get(objectName(digest))) !== undefined;
  }

  /** Notes an end without a result. */
  async addAttempt(key: string, attempt: Attempt): Promise<void> {
    for (let n = 0; ; n++) if (await this.backend.add(`attempts/${key}/${n}.json`, encoded(attempt))) return;
  }

  /** The ends without a result, by key and in order. */
  async attempts(): Promise<ReadonlyMap<string, readonly Attempt[]>> {
    const names = await this.backend.list("attempts/");
    const numbered = names
      .map((name) => ({ name, key: name.split("/")[1]!, n: Number.parseInt(name.split("/")[2] ?? "", 10) }))
      .sort((a, b) => a.n - b.n);
    const contents = await this.backend.many(numbered.map(({ name }) => name));
    const found = new Map<string, Attempt[]>();
    for (const [i, { key, name }] of numbered.entries()) {
      const value = contents[i] && this.json(contents[i], name);
      if (isAttempt(value)) found.set(key, [...(found.get(key) ?? []), value]);
    }
    return found;
  }

  /** Forgets the ends without a result of a job, and that it was stopped. */
  async forget(key: string): Promise<void> {
    for (const name of await this.backend.list(`attempts/${key}/`)) await this.backend.remove(name);
    await this.backend.remove(`stopped/${key}.json`);
  }

  /** Marks a job as not wanted, until {@link forget}. */
  async stop(key: string): Promise<void> {
    await this.backend.put(`stopped/${key}.json`, encoded({ key }));
  }

  async stopped(): Promise<ReadonlySet<string>> {
    const names = await this.backend.list("stopped/");
    return new Set(names.map((name) => name.slice("stopped/".length, -".json".length)));
  }

  /** Takes in rows of finished cells, as text of NDJSON: what they have is not computed again. */
  async takeRows(text: string): Promise<void> {
    const content = new TextEncoder().encode(text);
    await this.backend.add(`taken/${await sha256(content)}.ndjson`, content);
  }

  /** The texts of rows that were taken in, by the names of their files. */
  async takenRows(): Promise<ReadonlyMap<string, string>> {
    const names = await this.backend.list("taken/");
    const contents = await this.backend.many(names);
    return new Map(
      contents.flatMap((bytes, i) => (bytes ? [[names[i]!, new TextDecoder().decode(bytes)] as const] : [])),
    );
  }

  async showProgress(progress: JobProgress): Promise<void> {
    await this.backend.put(`progress/${progress.key}.json`, encoded(progress));
  }

  async endProgress(key: string): Promise<void> {
    await this.backend.remove(`progress/${key}.json`);
  }

  async progress(): Promise<readonly JobProgress[]> {
    const names = await this.backend.list("progress/");
    const contents = await this.backend.many(names);
    return contents.flatMap((bytes, i) => {
      const value = bytes && this.json(bytes, names[i]!);
      return isProgress(value) ? [value] : [];
    });
  }

  /** Keeps files of a run that another machine may continue, under their names. */
  async keepCheckpoint(key: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const before = await this.backend.list(`checkpoints/${key}/`);
    for (const [name, content] of files) await this.backend.put(`checkpoints/${key}/${name}`, content);
    for (const name of before)
      if (!files.has(name.slice(`checkpoints/${key}/`.length))) await this.backend.remove(name);
  }

  async checkpoint(key: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const folder = `checkpoints/${key}/`;
    const names = await this.backend.list(folder);
    const contents = await this.backend.many(names);
    return new Map(contents.flatMap((bytes, i) => (bytes ? [[names[i]!.slice(folder.length), bytes] as const] : [])));
  }

  async dropCheckpoint(key: string): Promise<void> {
    for (const name of await this.backend.list(`checkpoints/${key}/`)) await this.backend.remove(name);
  }

  /** Copies what another store has and this one has not. @returns the number of results that are new here */
  async takeFrom(other: Store, kinds: readonly JobKind[]): Promise<{ taken: number; alarms: number }> {
    let [taken, alarms] = [0, 0];
    for (const text of (await other.takenRows()).values()) await this.takeRows(text);
    for (const kind of kinds) {
      const results = await other.results(kind, [...(await other.keys(kind))]);
      for (const result of results.values()) {
        for (const digest of contentsOf(result))
          if (!(await this.hasObject(digest))) await this.keep(await other.object(digest));
        const settled = await this.settle(result, { compare: isDetermined(result) });
        if (settled === "kept") taken++;
        if (settled === "alarm") alarms++;
      }
    }
    return { taken, alarms };
  }
}

const resultName = (kind: string, key: string) => `results/${kind}/${key}.json`;
const objectName = (digest: string) => `objects/${digest.slice(0, 2)}/${digest}`;
const encoded = (value: object) => new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);

const isAttempt = (value: unknown): value is Attempt =>
  typeof value === "object" && value !== null && "outcome" in value && "message" in value && "at" in value;

const isProgress = (value: unknown): value is JobProgress =>
  typeof value === "object" && value !== null && "key" in value && "step" in value && "at" in value;
