import type { Command } from "commander";
import { registerStudies } from "../benchmark/register.ts";
import { add, example, quiet } from "./command.ts";

/** `attar benchmark`. */
export function registerBenchmark(program: Command): void {
  const benchmark = quiet(program.command("benchmark").alias("bench")).description(
    "systematic comparisons: a study of methods, datasets, sizes, seeds and networks, computed as far as it is missing",
  );

  example(benchmark, "attar benchmark run studies/smoke.json", "attar benchmark rows studies/smoke.json --to csv");

  benchmark.addHelpText("after", "\nHow a study is written, run and read: docs/benchmark.md");

  registerStudies(benchmark, add);
}
