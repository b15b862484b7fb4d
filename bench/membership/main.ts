import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Audit } from "../../src/audit/index.ts";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import { checkedOut } from "../machine.ts";
import { packageRoot } from "../peer.ts";
import { cases } from "./cases.ts";
import { type KeptCase, keptOf } from "./kept.ts";
import { page } from "./page.ts";

const usage = `npm run bench:membership -- [options]

Audits of docs/results/audits.md by the command line: models are kept in runs/membership, and what was made is not made again.

  --case NAME    only that one (${cases.map(({ name }) => `"${name}"`).join(", ")})
  --threads N    (1)
  --write        only write the page again from the data
  --help         this text`;

const [data, written] = ["docs/results/audits.json", "docs/results/audits.md"];

const kept = (): readonly KeptCase[] =>
  existsSync(data) ? (JSON.parse(readFileSync(data, "utf8")) as KeptCase[]) : [];

/** What a command prints as JSON. @throws Error where it ends otherwise than with 0, or 1 of a refuted claim */
function audited(command: string, threads: string): Audit {
  const [, ...words] = command.split(" ");
  const more = ["--threads", threads, "--out", "runs/membership", "--resume", "--json"];
  const main = join(packageRoot(), "dist/cli/main.js");
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const { status, stdout } = spawnSync(process.execPath, [main, ...words, ...more], {
    stdio: [...stdio],
    maxBuffer: 1 << 28,
  });
  if (status !== 0 && status !== 1) throw new Error(`${command} ended with ${status}`);
  return JSON.parse(stdout.toString()) as Audit;
}

const { values } = parseArgs({
  options: {
    case: { type: "string" },
    threads: { type: "string", default: "1" },
    write: { type: "boolean" },
    help: { type: "boolean" },
  },
});

if (values.help) process.stdout.write(`${usage}\n`);
else {
  for (const { name, command } of values.write ? [] : cases) {
    if (values.case !== undefined && values.case !== name) continue;
    const own = keptOf(audited(command, values.threads), name, command, checkedOut());
    const names = cases.map((one) => one.name);
    const all = [...kept().filter((one) => one.name !== name), own];
    all.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
    await writeAtomic(data, `${JSON.stringify(all, null, 1)}\n`);
  }
  await writeAtomic(written, page(kept()));
}
