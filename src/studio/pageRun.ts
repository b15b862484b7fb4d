import { checkpointName, encodeCheckpoint, parseCheckpoint } from "../condense/checkpointContent.ts";
import type { Configuration, State } from "../condense/index.ts";
import { type CondensedSet, encodeCondensed, encodePng, grid, pictures, sha256 } from "../data/browser.ts";
import type { Asked } from "./contract.ts";
import { askedName } from "./keptRuns.ts";
import type { WritableFiles } from "./runFiles.ts";

/** Where a run is computed, as its record has it. */
export interface PageProvenance {
  readonly versions: Readonly<Record<string, string>>;
  readonly device: string;
  readonly cores: number;
  readonly executor: string;
}

/** The list of files that attar wrote into a run's folder, in the format of `sha256sum`. */
const manifestName = ".attar.sha256";

/** Checkpoints that are kept: the newest, and one to fall back on. */
const kept = 2;

const bytesOf = (text: string) => new TextEncoder().encode(text);

/**
 * A run folder of a page, file for file as `attar condense` writes one, so that an archive of it goes on there with `--resume`. The
 * newest state is written as soon as the one before it is: what a crash loses is the step under way, or the few that a write takes.
 */
export class PageRun {
  private events = "";
  private waiting: State | undefined;
  private writing: Promise<void> | undefined;
  private problem: unknown;

  private constructor(
    private readonly files: WritableFiles,
    private readonly id: string,
    private readonly configuration: Configuration,
    private readonly record: object,
  ) {}

  /** Begins or goes on with a run. @returns with the newest state that is whole, if there is one of this very configuration */
  static async open(
    files: WritableFiles,
    id: string,
    configuration: Configuration,
    asked: Asked,
    here: PageProvenance,
  ): Promise<{ run: PageRun; state: State | undefined }> {
    const run = new PageRun(files, id, configuration, { configuration, ...here });
    const state = await run.newest();
    if (state) run.events = await run.eventsUpTo(state.step);
    await run.write("run.json", `${JSON.stringify(run.record, null, 2)}\n`);
    await run.write(askedName, JSON.stringify(asked));
    if (!state) await run.write(manifestName, "");
    return { run, state };
  }

  /** Takes in a state; it is written when those before it are. @throws the reason for which an earlier one could not be */
  keep(state: State): void {
    if (this.problem !== undefined) throw this.problem;
    this.waiting = state;
    this.writing ??= this.drain();
  }

  /** Adds a step to the log, which is written with the next state. */
  log(event: object): void {
    this.events += `${JSON.stringify(event)}\n`;
  }

  /** Writes what waits. */
  async settled(): Promise<void> {
    while (this.writing) await this.writing;
    if (this.problem !== undefined) throw this.problem;
  }

  /** Writes the finished set. @param seconds that the run took @param step at which it ended */
  async finish(set: CondensedSet, seconds: number, step: number): Promise<void> {
    await this.settled();
    const contents = new Map([
      ["condensed.safetensors", new Uint8Array(encodeCondensed(set))],
      ["grid.png", new Uint8Array(encodePng(grid(pictures(set))))],
    ]);
    const lines = await Promise.all([...contents].map(async ([name, bytes]) => `${await sha256(bytes)}  ${name}\n`));
    // Listed first: a file that is there is in the list.
    await this.write(manifestName, lines.sort().join(""));
    for (const [name, bytes] of contents) await this.files.write(`${this.id}/${name}`, bytes);
    const early = step < this.configuration.steps && { endedAtStep: step };
    const floats = set.storedFloats ?? set.images.length;
    const record = { ...this.record, seconds, floatsStored: floats, ...early };
    await this.write("run.json", `${JSON.stringify(record, null, 2)}\n`);
  }

  private async drain(): Promise<void> {
    try {
      for (let state = this.waiting; state; state = this.waiting) {
        this.waiting = undefined;
        const events = this.events;
        const bytes = new Uint8Array(await encodeCheckpoint(this.configuration, state));
        await this.files.write(`${this.id}/checkpoint/${checkpointName(state.step)}`, bytes);
        await this.write("events.ndjson", events);
        for (const name of (await this.checkpoints()).slice(kept))
          await this.files.remove(`${this.id}/checkpoint/${name}`);
      }
    } catch (error) {
      this.problem = error;
    } finally {
      this.writing = undefined;
    }
  }

  private async newest(): Promise<State | undefined> {
    const wanted = JSON.stringify(this.configuration);
    for (const name of await this.checkpoints()) {
      const bytes = await this.files.read(`${this.id}/checkpoint/${name}`);
      const read = bytes && (await parseCheckpoint(bytes, name).catch(() => undefined));
      if (read?.identity === wanted) return read.state;
    }
    return undefined;
  }

  /** Names of checkpoints, the newest first. */
  private async checkpoints(): Promise<string[]> {
    const names = (await this.files.list(`${this.id}/checkpoint`)).map(({ name }) => name);
    const stepOf = (name: string) => Number(/^state-(\d+)\.safetensors$/.exec(name)?.[1] ?? -1);
    return names.filter((name) => stepOf(name) >= 0).sort((a, b) => stepOf(b) - stepOf(a));
  }

  private async eventsUpTo(step: number): Promise<string> {
    const text = new TextDecoder().decode((await this.files.read(`${this.id}/events.ndjson`)) ?? new Uint8Array());
    const lines = text.split("\n").filter((line) => {
      const found = /^\{"event":"step","step":(\d+),.*\}$/.exec(line);
      return found && Number(found[1]) <= step;
    });
    return lines.map((line) => `${line}\n`).join("");
  }

  private write(name: string, text: string): Promise<void> {
    return this.files.write(`${this.id}/${name}`, bytesOf(text));
  }
}
