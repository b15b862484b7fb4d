import { setTimeout } from "node:timers/promises";
import { AttarError } from "../../engine/errors.ts";
import type { AnyJob } from "../jobs/job.ts";
import type { Boss, BossJob, BossModule, Embedded, PgliteModule } from "./bossContract.ts";
import { optionalPeer } from "./optionalPeer.node.ts";
import type { Claim, JobClass, Queue } from "./queue.ts";

export interface BossOptions {
  /** Seconds without a beat after which a worker counts as lost; at least ten. */
  readonly heartbeatSeconds?: number;
  /** Seconds between two looks for lost workers. */
  readonly monitorSeconds?: number;
}

/** PostgreSQL's schema for the queue. */
const schema = "attar";
const names: Readonly<Record<JobClass, string>> = { shared: "shared", exclusive: "exclusive" };
const classOf = ({ exclusive = false }: AnyJob): JobClass => (exclusive ? "exclusive" : "shared");
/** The priority of the first of jobs that are put in together; the next have one less each. */
const first = 1_000_000;
/** The priority that a job loses each time it is given back. */
const perYield = 100_000;
/** Jobs that are put in with one statement. */
const together = 500;
/** Milliseconds for which a call is tried again while the database does not answer. */
const patience = 60_000;

interface Held extends Claim {
  readonly boss: BossJob;
  readonly abort: AbortController;
}

/**
 * A queue in PostgreSQL by pg-boss, for workers on many machines, or in PGlite within this process. A key is in it once, waiting or
 * under way; a job whose worker does not beat any more is handed out again. What is done to a claim holds for its own attempt, so
 * that a worker which was thought lost settles nothing. While the database does not answer, calls are tried again, and nothing is
 * handed out.
 */
export class BossQueue implements Queue {
  private readonly held = new Map<string, Held>();
  private readonly yields = new Map<string, number>();

  private constructor(
    readonly where: string,
    private readonly boss: Boss,
    private readonly embedded?: Embedded,
  ) {}

  /**
   * The queue of a database.
   *
   * @param address postgres://user:password@host:5432/database
   * @throws AttarError "no-queue" (exit code 1) where it cannot be reached, "absent-package"
   */
  static async connect(address: string, options: BossOptions = {}): Promise<BossQueue> {
    const needed = ["pg-boss", "pg"] as const;
    const { PgBoss } = (await optionalPeer("pg-boss", needed)) as BossModule;
    const where = withoutPassword(address);
    try {
      return await BossQueue.started(where, new PgBoss({ connectionString: address, ...settings(options) }), options);
    } catch (error) {
      throw unreachable(where, error);
    }
  }

  /**
   * The queue of a folder, for this process alone: PGlite takes no lock of its own.
   *
   * @param folder where the database is or comes to be; "memory://" for none
   * @throws AttarError "no-queue" where it cannot be opened, "absent-package"
   */
  static async embedded(folder: string, options: BossOptions = {}): Promise<BossQueue> {
    const needed = ["pg-boss", "pg", "@electric-sql/pglite"] as const;
    const { PgBoss, fromPglite } = (await optionalPeer("pg-boss", needed)) as BossModule;
    const { PGlite } = (await optionalPeer("@electric-sql/pglite", needed)) as PgliteModule;
    try {
      const database = await PGlite.create({ dataDir: folder });
      const boss = new PgBoss({ db: fromPglite(database), backend: "pglite", ...settings(options) });
      return await BossQueue.started(folder, boss, options, database);
    } catch (error) {
      throw unreachable(folder, error);
    }
  }

  private static async started(where: string, boss: Boss, options: BossOptions, embedded?: Embedded) {
    // Trouble of its own timers: what matters comes back from the calls.
    boss.on("error", () => {});
    await boss.start();
    for (const name of Object.values(names))
      await boss.createQueue(name, {
        policy: "exclusive",
        retryLimit: 50,
        heartbeatSeconds: options.heartbeatSeconds ?? 60,
        expireInSeconds: 86_400,
        deleteAfterSeconds: 600,
      });
    return new BossQueue(where, boss, embedded);
  }

  async enqueue(jobs: readonly AnyJob[]): Promise<void> {
    for (const kind of ["shared", "exclusive"] as const) {
      const own = jobs.filter((job) => classOf(job) === kind);
      for (let i = 0; i < own.length; i += together) {
        const some = own.slice(i, i + together).map((job, j) => ({
          data: job,
          singletonKey: job.key,
          priority: first - i - j - perYield * (this.yields.get(job.key) ?? 0),
        }));
        await patiently(() => this.boss.insert(names[kind], some));
      }
    }
  }

  async claim(kind: JobClass): Promise<Claim | undefined> {
    const [boss] = await this.boss.fetch(names[kind], { batchSize: 1 }).catch(() => []);
    if (!boss) return undefined;
    const abort = new AbortController();
    const claim = { job: boss.data as AnyJob, signal: abort.signal, boss, abort };
    this.held.set(claim.job.key, claim);
    return claim;
  }

  async beat({ job }: Claim): Promise<void> {
    const held = this.held.get(job.key);
    if (!held) return;
    const { affected } = await this.boss.touch(names[classOf(job)], held.boss);
    if (affected === 0) held.abort.abort();
  }

  async settle({ job }: Claim): Promise<void> {
    const held = this.held.get(job.key);
    this.held.delete(job.key);
    if (held) await patiently(() => this.boss.complete(names[classOf(job)], held.boss));
  }

  async yield(claim: Claim): Promise<void> {
    const { key } = claim.job;
    await this.settle(claim);
    this.yields.set(key, (this.yields.get(key) ?? 0) + 1);
    await this.enqueue([claim.job]);
  }

  async cancel(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      for (const name of Object.values(names)) {
        const ids = (await this.boss.findJobs(name, { key })).map(({ id }) => id);
        if (ids.length > 0) await this.boss.cancel(name, ids);
      }
      this.held.get(key)?.abort.abort();
    }
  }

  async counts() {
    const states = `select state::text as state, count(*)::int as count from ${schema}.job where name = any($1) group by state`;
    const { rows } = await patiently(() => this.boss.getDb().executeSql(states, [Object.values(names)]));
    const of = (...wanted: string[]) =>
      (rows as readonly { state: string; count: number }[])
        .filter(({ state }) => wanted.includes(state))
        .reduce((sum, { count }) => sum + count, 0);
    return { queued: of("created", "retry"), active: of("active") };
  }

  async close(): Promise<void> {
    for (const { abort } of this.held.values()) abort.abort();
    await this.boss.stop({ graceful: false }).catch(() => {});
    await this.embedded?.close().catch(() => {});
  }
}

const settings = ({ monitorSeconds = 30 }: BossOptions) => ({
  schema,
  schedule: false,
  application_name: "attar",
  max: 4,
  superviseIntervalSeconds: monitorSeconds,
  monitorIntervalSeconds: monitorSeconds,
});

/** Does something again while the database does not answer. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const end = Date.now() + patience;
  for (let wait = 100; ; wait = Math.min(2 * wait, 5000)) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw unreachable("the queue", error);
      await setTimeout(wait);
    }
  }
}

function withoutPassword(address: string): string {
  try {
    const url = new URL(address);
    url.password = "";
    return url.href;
  } catch {
    throw new AttarError(
      "bad-option",
      `"${address}" is no address of a database`,
      "--queue postgres://user@host/database",
    );
  }
}

function unreachable(where: string, error: unknown): AttarError {
  if (error instanceof AttarError) return error;
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const reason = (inner instanceof Error ? inner.message : String(inner)).split("\n")[0];
  return new AttarError(
    "no-queue",
    `the queue ${where} cannot be reached: ${reason}`,
    "without --queue a study needs none; the results in its store stay",
    1,
  );
}
