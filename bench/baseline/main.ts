import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import { writeColourFolder } from "./colourFolder.ts";
import { distance, encodePin, pinOf, readPin } from "./pin.ts";
import { type PinnedSet, pinnedSets, runsOf } from "./sets.ts";

const usage = `npm run baseline -- [--check] [--set NAME] [--method NAME] [--against DIR]

Condenses with every listed method for six steps and writes what comes out under golden/baseline.

  --check         write nothing: compare, and end with 1 where a set moved
  --set NAME      only this dataset: ${pinnedSets.map(({ name }) => name).join(", ")}
  --method NAME   only this method
  --against DIR   compare digits with the files DIR/METHOD.safetensors instead
  --help          this text`;

/** The largest difference that rounding explains: on the processor that made a file, and on others. */
const [same, other] = [1e-5, 1e-3];

const processor = cpus()[0]?.model.trim() ?? "unknown";

/** Runs the built command line and waits; its messages come through where it fails. */
function attar(words: readonly string[], cache: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    const child = spawn(process.execPath, [join("dist", "cli", "main.js"), ...words], { env });
    let messages = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        messages += text;
      });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`attar ${words.join(" ")} ended with ${code}: ${messages}`)),
    );
  });
}

/** Where the pin of a method lies. */
const pathOf = (set: PinnedSet, method: string) => join("golden", "baseline", set.name, `${method}.safetensors`);

async function main(): Promise<void> {
  const options = { check: "boolean", set: "string", method: "string", against: "string", help: "boolean" } as const;
  const { values } = parseArgs({
    options: Object.fromEntries(Object.entries(options).map(([name, type]) => [name, { type }])),
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const sets = pinnedSets.filter(({ name }) => name === (values.against ? "digits" : (values.set ?? name)));
  const work = await mkdtemp(join(tmpdir(), "attar-baseline-"));
  let moved = 0;
  try {
    await writeColourFolder(join(work, "colour"));
    for (const set of sets)
      for (const { method, words } of runsOf(set).filter((run) => run.method === (values.method ?? run.method))) {
        const dataset = set.dataset === "colour" ? join(work, "colour") : set.dataset;
        const run = join(work, `${set.name}-${method}`);
        await attar(["condense", dataset, ...words, "--out", run, "--quiet"], join(work, "cache"));
        const command = `attar condense ${set.dataset} ${words.join(" ")}`;
        const pin = await pinOf(join(run, "condensed.safetensors"), command, processor);
        await rm(run, { recursive: true });
        if (!values.check && !values.against) {
          await writeAtomic(pathOf(set, method), encodePin(pin));
          process.stdout.write(`${set.name} ${method}\n`);
          continue;
        }
        const path = values.against ? join(String(values.against), `${method}.safetensors`) : pathOf(set, method);
        const before = await (values.against ? pinOf(path, "", "").catch(() => undefined) : readPin(path));
        const { largest, tensor } = before ? distance(before, pin) : { largest: Number.NaN, tensor: "missing" };
        const equal = largest <= (!values.against && before?.processor === processor ? same : other);
        if (!equal) moved++;
        process.stdout.write(`${set.name} ${method} ${equal ? "equal" : "MOVED"} ${largest} ${tensor}\n`);
      }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  if (moved > 0) process.exitCode = 1;
}

await main();
