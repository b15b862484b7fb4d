import { writeAtomic } from "../src/data/node/writeAtomic.node.ts";
import { AttarError } from "../src/engine/index.ts";
import { type BenchOptions, parseOptions, usage } from "./arguments.ts";
import { bench } from "./bench.ts";
import { keptReport } from "./keptReport.ts";
import { loopText } from "./loopOverhead.ts";
import { markdown } from "./markdown.ts";
import { parityText } from "./parity.ts";
import { Peer, PeerUnavailable, peerHint } from "./peer.ts";
import type { Report } from "./report.ts";
import { readReport, reportText } from "./reportFile.ts";
import { runTask } from "./runTask.ts";
import { table } from "./table.ts";

const log = (line: string) => process.stderr.write(`${line}\n`);

/** Exit code: 0 done, with or without a peer; 1 where a case failed or both sides computed different numbers; 2 usage. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (options.steps) {
    const outcome = await runTask({ kind: "steps", threads: options.threads, rounds: options.rounds });
    if (outcome.kind !== "steps") throw new TypeError("a measuring process answered another question");
    process.stdout.write(`${loopText(outcome.times)}\n`);
    return 0;
  }
  const report = options.from
    ? readReport(options.from)
    : await bench(options, options.peer && (await peerThere(options)), {
        log,
        save: (report) => save(report, options),
        ...(options.resume && { kept: keptReport(options) }),
      });
  await write(report, options);
  const unequal = report.cases.flatMap(({ name, peer, plain }) =>
    [peer, plain].flatMap((side) => (side && !side.parity.equal ? [{ name, parity: side.parity }] : [])),
  );
  for (const { name, parity } of unequal)
    log(`${name}: attar and PyTorch computed different numbers, no speedup is given: ${parityText(parity)}`);
  return unequal.length > 0 ? 1 : 0;
}

async function write(report: Report, { json, markdown: path, from }: BenchOptions): Promise<void> {
  process.stdout.write(json === "-" ? reportText(report) : `${table(report)}\n`);
  if (json !== undefined && json !== "-" && from === undefined) await writeAtomic(json, reportText(report));
  if (path !== undefined) await writeAtomic(path, markdown(report));
}

async function save(report: Report, { json }: BenchOptions): Promise<void> {
  if (json !== undefined && json !== "-") await writeAtomic(json, reportText(report));
}

async function peerThere({ threads }: BenchOptions): Promise<boolean> {
  try {
    (await Peer.start({ threads })).stop();
    return true;
  } catch (error) {
    if (!(error instanceof PeerUnavailable)) throw error;
    log(`No PyTorch (${error.message}): measuring attar alone. ${peerHint}`);
    return false;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof AttarError)) throw error;
  log(`${error.message}${error.hint && `\n${error.hint}`}`);
  process.exitCode = error.exitCode;
}
