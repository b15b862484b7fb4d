import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import { onnxruntimeNode } from "../../src/engine/executors/onnxruntime.node.ts";
import { openRuntime, useRuntime } from "../../src/engine/index.ts";
import { PeerUnavailable } from "../conversation.ts";
import { checkedOut, describeMachine } from "../machine.ts";
import { ensemble } from "./ensemble.ts";
import { Reference } from "./reference.ts";
import { speed } from "./speed.ts";

const usage = `npm run bench:attacks -- [options]

Attacks on inputs beside the code of their authors, github.com/fra31/auto-attack (commit a392200): what a ConvNet on 500 digits
withstands of the whole ensemble, and the seconds of Auto-PGD.

  --case NAME     ensemble or speed (both)
  --threads N     of either side (1)
  --json FILE     writes the data there; a case that is left out stays as it is in the file
  --help          this text

ATTAR_PYTHON is an interpreter with PyTorch, PYTHONPATH has the checkout.`;

const log = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      case: { type: "string" },
      threads: { type: "string", default: "1" },
      json: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const threads = Number(values.threads);
  useRuntime(openRuntime({ executor: onnxruntimeNode({ threads }) }));
  const reference = await Reference.start(threads);
  const { json } = values;
  const before = json !== undefined && existsSync(json) ? (JSON.parse(readFileSync(json, "utf8")) as object) : {};
  const cases = { ensemble, speed };
  const found: Record<string, object> = {};
  for (const [name, run] of Object.entries(cases))
    if (values.case === undefined || values.case === name) {
      const made = { machine: describeMachine(threads), commit: checkedOut(), pytorch: reference.pytorch };
      found[name] = { ...made, ...(await run(reference, log)) };
    }
  reference.end();
  const text = `${JSON.stringify({ reference: "fra31/auto-attack a392200", ...before, ...found }, null, 1)}\n`;
  if (json === undefined) process.stdout.write(text);
  else await writeAtomic(json, text);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof PeerUnavailable)) throw error;
  log(error.message);
  process.exitCode = 2;
}
