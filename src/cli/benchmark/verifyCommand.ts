import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { AnyJob } from "../../benchmark/jobs/job.ts";
import { InProcessQueue } from "../../benchmark/queue/inProcess.ts";
import { encodeRows } from "../../benchmark/rows/encode.node.ts";
import { readRows } from "../../benchmark/rows/readRows.node.ts";
import { rowsOf } from "../../benchmark/rows/rowsOf.node.ts";
import { openStore } from "../../benchmark/store/openStore.node.ts";
import type { Result } from "../../benchmark/store/result.ts";
import { contentsOf, foundIn } from "../../benchmark/store/result.ts";
import type { Store } from "../../benchmark/store/store.ts";
import { Supervisor } from "../../benchmark/worker/supervisor.node.ts";
import { AttarError } from "../../engine/errors.ts";
import { interruptible } from "../interruptible.ts";
import { counted } from "../numbers.ts";
import { log, type OutputOptions, print, printJson } from "../output.ts";
import { planOf } from "./planCommand.ts";
import { openStudy } from "./studyFlags.ts";

export interface VerifyFlags extends OutputOptions {
  rerun: boolean;
  seed: number;
  threads?: number;
}

/**
 * `attar benchmark verify`: checks a submission, a folder with study.json, rows.ndjson and the results and objects of a store: the forms,
 * every digest, every row against the results, and computes one score again that is drawn at random.
 */
export async function verifyCommand(folder: string, flags: VerifyFlags): Promise<void> {
  for (const name of ["study.json", "rows.ndjson", "results"])
    if (!existsSync(join(folder, name)))
      throw new AttarError(
        "bad-submission",
        `${folder} is no submission: it has no ${name}`,
        "study.json, rows.ndjson (attar benchmark rows), and results/ and objects/ of the store",
      );
  const opened = await openStudy(join(folder, "study.json"), { store: folder });
  const given = await readRows(join(folder, "rows.ndjson"));
  const plan = await planOf(opened);
  const made = await rowsOf(opened.cells, plan, opened.store);
  checkRows(encodeRows(given, "ndjson").toString().split("\n"), encodeRows(made, "ndjson").toString().split("\n"));
  const done = plan.cells.filter(({ state }) => state === "done");
  let objects = 0;
  for (const { kind, job } of done) {
    const result = await opened.store.result(kind, job!.key);
    for (const digest of result ? contentsOf(result) : []) {
      await opened.store.object(digest);
      objects++;
    }
  }
  const scores = done.flatMap(({ kind, job }) => (kind === "evaluate" && job ? [job] : []));
  const drawn = flags.rerun && scores.length > 0 ? scores[drawnFrom(scores.length, folder, flags.seed)] : undefined;
  const again = drawn && (await rerun(drawn, opened.store, flags));
  if (again === "other")
    throw new AttarError(
      "other-result",
      `${drawn!.name} comes to another result here than in ${folder}`,
      "on the same kind of processor, with the same threads (attar benchmark explain says which) and versions it must be the same",
      1,
    );
  if (flags.json) return printJson({ rows: made.length, results: done.length, objects, again: drawn?.name });
  print(
    `${counted(made.length, "row")} agree with ${counted(done.length, "result")} and ${counted(objects, "object")}`,
  );
  if (drawn) log(`computed again, to the same values: ${drawn.name}`, flags);
}

function checkRows(given: readonly string[], made: readonly string[]): void {
  const odd = given.findIndex((line, i) => line !== made[i]);
  if (odd < 0 && given.length === made.length) return;
  throw new AttarError(
    "bad-submission",
    odd < 0 || odd >= made.length - 1
      ? `rows.ndjson has ${given.length - 1} rows, and the results give ${made.length - 1}`
      : `rows.ndjson, row ${odd + 1} is not what the results say`,
    "write the rows again: attar benchmark rows study.json --store . --out rows.ndjson",
  );
}

/** A number below `count` that a submission cannot choose: the verifier's seed decides. */
const drawnFrom = (count: number, folder: string, seed: number) =>
  createHash("sha256").update(`${folder} ${seed}`).digest().readUInt32LE() % count;

/** Computes a score again, in a store of its own. */
async function rerun(job: AnyJob, store: Store, flags: VerifyFlags): Promise<"same" | "other"> {
  const folder = mkdtempSync(join(tmpdir(), "attar-verify-"));
  try {
    const own = await openStore(folder);
    const before = (await store.result(job.kind, job.key)) as Result;
    if (job.kind === "evaluate" && job.task.set) await own.keep(await store.object(job.task.set));
    const queue = new InProcessQueue();
    await queue.enqueue([job]);
    await interruptible("stopping", flags, async (signal) => {
      const threads = flags.threads ?? Math.min(before.made.cores, availableParallelism());
      const refill = async () => undefined;
      await new Supervisor(queue, own, {
        store: folder,
        slots: 1,
        threads,
        work: join(folder, "work"),
        signal,
        refill,
      }).run();
      signal.throwIfAborted();
    });
    const after = await own.result(job.kind, job.key);
    const attempt = (await own.attempts()).get(job.key)?.[0];
    if (!after)
      throw new AttarError(
        "failed",
        `${job.name} has no result here: ${attempt?.message ?? "it ended without"}`,
        attempt?.hint,
        1,
      );
    return foundIn(after) === foundIn(before) ? "same" : "other";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
