import type { Configuration } from "../../condense/index.ts";
import { infiniteNetworkNamed } from "../../hypotheses/index.ts";
import { factsOfRun } from "../budget/measure.node.ts";
import { protocolOf } from "../jobs/evaluate.node.ts";
import { measurementObjective } from "../rows/measurementRows.ts";
import type { Row } from "../rows/row.ts";
import type { Taken } from "../rows/taken.node.ts";
import type { ResolvedStudy } from "../study/resolved.ts";
import { type ProbeCell, type ReferenceCell, readingsOfStudy, type ScoreCell, type SetCell } from "./cells.node.ts";
import { unreadable } from "./unreadable.ts";

/**
 * What rows from elsewhere say of a study's cells. They count where they name the very job that is planned here, by its key, and
 * have all that the study asks for.
 */
export class Finished {
  private readonly names: Readonly<Record<"network" | "set" | "machine", readonly string[]>>;

  constructor(
    private readonly study: ResolvedStudy,
    private readonly taken: Taken,
  ) {
    const of = (what: "network" | "set" | "machine") =>
      study.objectives.filter((one) => one.of === what && one.absent === undefined).map(({ name }) => name);
    this.names = { network: of("network"), set: of("set"), machine: of("machine") };
  }

  /** The rows of a score, where they are all there: numbers, or that its set diverged. */
  async score(set: SetCell, score: ScoreCell): Promise<readonly Row[] | undefined> {
    if (set.job?.kind !== "condense") return undefined;
    const rows = this.taken.of(score.name, set.job.key);
    if (rows.length === 0) return undefined;
    if (rows.every(({ status }) => status === "blocked")) return rows;
    if (!hasAll(rows, this.names.network)) return undefined;
    const { repeats } = score.protocol;
    const networks = infiniteNetworkNamed(score.spec.name) ? 1 : repeats;
    const numbers = rows.filter(({ status }) => status === "ok");
    if (new Set(numbers.map(({ repeat }) => repeat)).size !== networks) return undefined;
    return (await this.sameProtocol(set, score, numbers)) ? rows : undefined;
  }

  /** Tells whether networks were trained as the study says. A rate that a set learned is in no row: of such sets the epochs must do. */
  private async sameProtocol({ job, dataset, ipc }: SetCell, { protocol, spec }: ScoreCell, rows: readonly Row[]) {
    const configuration = job!.configuration as Configuration;
    const facts = factsOfRun(dataset.info!, configuration, ipc);
    const { target } = dataset.info!;
    const readings = readingsOfStudy(this.study).filter(
      (reading) => unreadable(reading, spec, facts, { ...(target && { target }) }) === undefined,
    );
    const { hash, recipe } = await protocolOf(dataset.info!, facts, protocol, readings);
    const learnsRate = (configuration.solver?.options.rates ?? "fixed") !== "fixed";
    return rows.every((row) => (learnsRate ? row.epochs === recipe.epochs : row.protocol_hash === hash));
  }

  /** The rows of a set itself, which may be none; undefined where the study asks for some that are not there. */
  set({ name, job }: SetCell): readonly Row[] | undefined {
    const rows = this.taken.of(name, job!.key);
    return hasAll(rows, this.names.set) ? rows : undefined;
  }

  timed({ timed }: SetCell): readonly Row[] | undefined {
    const rows = this.taken.of(timed!.name, timed!.key);
    return hasAll(rows, this.names.machine) ? rows : undefined;
  }

  measured({ name, job }: ProbeCell): readonly Row[] | undefined {
    const rows = this.taken.of(name, job.key);
    return hasAll(rows, [measurementObjective]) ? rows : undefined;
  }

  reference({ name, job }: ReferenceCell): readonly Row[] | undefined {
    const rows = job ? this.taken.of(name, job.key) : [];
    return rows.length > 0 && hasAll(rows, this.names.network) ? rows : undefined;
  }
}

const hasAll = (rows: readonly Row[], names: readonly string[]) =>
  names.every((name) => rows.some(({ objective }) => objective === name));
