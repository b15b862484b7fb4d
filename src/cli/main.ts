#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { AttarError, nearest } from "../engine/errors.ts";
import { describe, methodNamed, methods } from "../methods/index.ts";
import { type OutputOptions, print, report, table } from "./output.ts";
import { wholeNumber } from "./settings.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
});

const version = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version as string;
const collect = (value: string, all: string[]) => [...all, value];

/** Sets up ONNX Runtime and the machine's measured chunk sizes; only commands that compute pay for it. */
async function compute(threads?: number): Promise<void> {
  const [{ useChunkStore, useExecutor }, { chunkFile }] = await Promise.all([
    import("../engine/index.ts"),
    import("../engine/chunkFile.node.ts"),
  ]);
  useChunkStore(chunkFile());
  if (threads === undefined) return;
  if (threads < 1)
    throw new AttarError("bad-option", `--threads must be at least 1, got ${threads}`, "for example --threads 2");
  const { onnxruntimeNode } = await import("../engine/executors/onnxruntime.node.ts");
  useExecutor(onnxruntimeNode({ threads }));
}

const program = new Command("attar")
  .description("Dataset condensation: a real dataset in, one a thousand times smaller out.")
  .version(version)
  .exitOverride()
  .configureOutput({ writeErr: () => {}, outputError: () => {} })
  .addHelpText(
    "after",
    "\nExample:\n  $ attar condense mnist --ipc 10\n  $ attar evaluate runs/mnist-dm-ipc10-seed0 --on mnist",
  );

const common = (c: Command) =>
  c
    .option("--json", "machine-readable output on stdout")
    .option("--quiet", "no progress")
    .exitOverride()
    .configureOutput({ outputError: () => {}, writeErr: () => {} });

common(program.command("condense <dataset>"))
  .description("condense a dataset, by name or path, into a run folder")
  .option("--method <name>", "see attar methods", "dm")
  .option("--ipc <n>", "images per class (default 10)", wholeNumber("--ipc"))
  .option("--out <dir>", "run folder (default runs/<dataset>-<method>-ipc<n>-seed<n>)")
  .option("--preset <name>", "laptop (default) or paper")
  .option("--steps <n>", "outer steps", wholeNumber("--steps"))
  .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
  .option("--net <network>", "hypotheses, e.g. convnet:width=64")
  .option("--device <name>", "auto or cpu", "auto")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads"))
  .option("--config <file>", "settings as JSON")
  .option("--set <path=value>", "one setting; repeatable", collect, [])
  .option("--resume", "continue an unfinished run")
  .option("--force", "discard an earlier run in the folder")
  .option("--dry-run", "print the resolved configuration and its cost, then stop")
  .addHelpText("after", "\nExample:\n  $ attar condense mnist --method dm --ipc 10 --steps 300 --out runs/mnist")
  .action(async (name: string, flags) => {
    if (!["auto", "cpu"].includes(flags.device))
      throw new AttarError("unknown-device", `unknown device "${flags.device}"`, "use auto or cpu");
    await compute(flags.threads);
    const { condenseCommand } = await import("./condenseCommand.ts");
    await condenseCommand(name, flags);
  });

common(program.command("evaluate <subject>"))
  .description(
    "train fresh networks on a run, a .safetensors file or a coreset (random, herding, kcenter, kmeans, full)",
  )
  .option("--on <dataset>", "dataset whose test split scores them")
  .option("--ipc <n>", "images per class of a coreset (default 10)", wholeNumber("--ipc"))
  .option("--nets <list>", "networks, joined by commas (by ; where they have options)", "convnet")
  .option("--repeats <n>", "networks per architecture (default 5)", wholeNumber("--repeats"))
  .option("--epochs <n>", "epochs (default 1000 augmented, 300 otherwise)", wholeNumber("--epochs"))
  .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
  .option("--baselines <list>", "coresets beside it, or none", "random,herding")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads"))
  .addHelpText("after", "\nExample:\n  $ attar evaluate runs/mnist --on mnist --repeats 5")
  .action(async (subject: string, flags) => {
    await compute(flags.threads);
    const { evaluateCommand } = await import("./evaluateCommand.ts");
    await evaluateCommand(subject, flags);
  });

common(program.command("methods [name]"))
  .description("the taxonomy, read off the declarations")
  .option("--markdown", "as a Markdown table")
  .addHelpText("after", "\nExample:\n  $ attar methods dm")
  .action((name: string | undefined, flags: OutputOptions & { markdown?: boolean }) => {
    const list = (name ? [methodNamed(name)] : methods).map(describe);
    if (flags.json) return print(JSON.stringify(list));
    if (name) {
      const m = methodNamed(name);
      print(
        table([
          ...Object.entries(list[0]!).map(([k, v]) => [k, String(v)]),
          ["reference", m.reference],
          ...Object.entries(m.presets).map(([k, v]) => [k, JSON.stringify(v)]),
          ...m.departures.map((d) => ["departs", d]),
        ]),
      );
      return;
    }
    const keys = ["name", "title", "discrepancy", "matchingSpace", "optimizedSpace", "hypotheses", "tricks"] as const;
    const rows = [[...keys], ...list.map((d) => keys.map((k) => String(d[k])))];
    if (!flags.markdown) return print(table(rows));
    print(
      rows
        .flatMap((r, i) =>
          i === 0 ? [`| ${r.join(" | ")} |`, `|${r.map(() => "---").join("|")}|`] : [`| ${r.join(" | ")} |`],
        )
        .join("\n"),
    );
  });

const data = program
  .command("data")
  .description("datasets: list, info, pull")
  .exitOverride()
  .configureOutput({ outputError: () => {}, writeErr: () => {} });
common(data.command("list"))
  .description("datasets known by name")
  .action(async (flags) => (await import("./dataCommand.ts")).listCommand(flags));
common(data.command("info <dataset>"))
  .description("shape, classes, sizes, checksum")
  .action(async (name, flags) => (await import("./dataCommand.ts")).infoCommand(name, flags));
common(data.command("pull <dataset>"))
  .description("download and verify")
  .action(async (name, flags) => (await import("./dataCommand.ts")).pullCommand(name, flags));

common(program.command("export <run>"))
  .description("write a condensed set as png, imagefolder, parquet or npz")
  .requiredOption("--to <format>", "png, imagefolder, parquet or npz")
  .option("--out <dir>", "folder (default <run>/export-<format>)")
  .addHelpText("after", "\nExample:\n  $ attar export runs/mnist --to parquet")
  .action(async (run: string, flags: OutputOptions & { to: string; out?: string }) => {
    const [{ exportSet, readCondensed }, { condensedFileOf }] = await Promise.all([
      import("../data/index.ts"),
      import("./evaluateCommand.ts"),
    ]);
    const paths = await exportSet(
      await readCondensed(condensedFileOf(run)),
      flags.to,
      flags.out ?? `${run.replace(/\.safetensors$/, "")}-${flags.to}`,
    );
    print(flags.json ? JSON.stringify({ paths }) : paths.join("\n"));
  });

try {
  await program.parseAsync();
} catch (error) {
  const json = process.argv.includes("--json");
  if (error instanceof CommanderError) {
    if (error.exitCode === 0 || error.code === "commander.help") process.exitCode = 0;
    else
      process.exitCode = report(new AttarError("usage", error.message.replace(/^error: /, ""), usageHint(error)), {
        json,
      });
  } else process.exitCode = report(error, { json });
}

function usageHint(error: CommanderError): string {
  const wrong = /unknown command '([^']+)'/.exec(error.message)?.[1];
  const guess = wrong && nearest(wrong, ["condense", "evaluate", "methods", "data", "export"]);
  return guess ? `did you mean attar ${guess}?` : "see attar --help";
}
