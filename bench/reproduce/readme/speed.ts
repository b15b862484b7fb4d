import { existsSync, readFileSync } from "node:fs";

/** What is read of the data of the bench. */
interface Speed {
  readonly machine: { readonly cpu: string; readonly threads: number };
  readonly peer: { readonly name: string; readonly version: string } | null;
  readonly cases: readonly { readonly speedup: number | null; readonly plainSpeedup: number | null }[];
}

const page = "[docs/results/speed.md](docs/results/speed.md)";

/** One line about speed from docs/results/speed.json; where there is none, how to have it measured. */
export function speedLine(path = "docs/results/speed.json"): string {
  if (!existsSync(path)) return "`npm run bench -- --quick` measures attar beside PyTorch on the same cores.";
  const { machine, peer, cases } = JSON.parse(readFileSync(path, "utf8")) as Speed;
  const known = (values: readonly (number | null)[]) => values.filter((v) => v !== null).sort((a, b) => a - b);
  const [tuned, plain] = [known(cases.map((c) => c.speedup)), known(cases.map((c) => c.plainSpeedup))];
  if (!peer || tuned.length === 0) return `What a step takes: ${page}.`;
  const range = (sorted: readonly number[]) => `${sorted[0]!.toFixed(1)} to ${sorted.at(-1)!.toFixed(1)} times`;
  const middle = tuned[Math.floor((tuned.length - 1) / 2)]!.toFixed(1);
  const untuned = plain.length > 0 ? ` (${range(plain)} PyTorch as it comes)` : "";
  return `On ${machine.threads} cores of ${machine.cpu} attar takes its steps at ${range(tuned)} the speed of ${peer.name} ${peer.version} tuned for the same cores, ${middle} times in the middle of ${tuned.length} cases${untuned}: ${page}.`;
}
