import { AttarError } from "../src/engine/index.ts";
import { type BenchOptions, parseOptions, usage } from "./arguments.ts";
import { bench } from "./bench.ts";
import { Peer, PeerUnavailable, peerHint } from "./peer.ts";
import { table } from "./table.ts";

const log = (line: string) => process.stderr.write(`${line}\n`);

/** Exit code: 0 done, with or without a peer; 1 where a case failed or both sides computed different numbers; 2 usage. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const report = await bench(options, options.peer && (await peerThere(options)), log);
  process.stdout.write(`${options.json ? JSON.stringify(report) : table(report)}\n`);
  const unequal = report.cases.filter((c) => c.peer && !c.peer.parity);
  for (const { name, peer } of unequal)
    log(
      `${name}: the relative error to ${peer!.name} is ${peer!.relativeError}, above ${peer!.tolerance}: no speedup is given`,
    );
  return unequal.length > 0 ? 1 : 0;
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
