/** As much of pg-boss as a queue uses. Its own types are left out, so that programs compile without it. */
export interface Boss {
  on(event: "error" | "warning", listener: (error: unknown) => void): unknown;
  start(): Promise<unknown>;
  stop(options: { readonly graceful: boolean }): Promise<void>;
  createQueue(name: string, options: Readonly<Record<string, unknown>>): Promise<void>;
  insert(name: string, jobs: readonly BossInsert[]): Promise<unknown>;
  fetch(name: string, options: { readonly batchSize: number }): Promise<readonly BossJob[]>;
  touch(name: string, job: BossJob): Promise<{ readonly affected: number }>;
  complete(name: string, job: BossJob): Promise<unknown>;
  cancel(name: string, id: readonly string[]): Promise<unknown>;
  findJobs(name: string, options: { readonly key: string }): Promise<readonly { readonly id: string }[]>;
  getDb(): { executeSql(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }> };
}

/** A job to put in. */
export interface BossInsert {
  readonly data: object;
  readonly singletonKey: string;
  readonly priority: number;
}

/** A job as it is fetched. What is done to it as an object holds for the attempt that fetched it alone. */
export interface BossJob {
  readonly id: string;
  readonly retryCount: number;
  readonly data: object;
}

export interface BossModule {
  readonly PgBoss: new (options: Readonly<Record<string, unknown>>) => Boss;
  readonly fromPglite: (database: object) => object;
}

/** As much of PGlite as a queue uses. */
export interface Embedded {
  close(): Promise<void>;
}

export interface PgliteModule {
  readonly PGlite: { create(options: { readonly dataDir: string }): Promise<Embedded> };
}
