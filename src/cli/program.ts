import { readFileSync } from "node:fs";
import { Command } from "commander";
import { registerAdvise } from "./register/advise.ts";
import { registerArtefacts } from "./register/artefacts.ts";
import { registerAudit } from "./register/audit.ts";
import { registerBenchmark } from "./register/benchmark.ts";
import { registerCite } from "./register/cite.ts";
import { example, quiet } from "./register/command.ts";
import { registerCondense } from "./register/condense.ts";
import { registerData } from "./register/data.ts";
import { registerEvaluate } from "./register/evaluate.ts";
import { registerExperts } from "./register/experts.ts";
import { registerExport } from "./register/export.ts";
import { registerGenerators } from "./register/generators.ts";
import { registerMeasure } from "./register/measure.ts";
import { registerMethods } from "./register/methods.ts";
import { registerPrivacy } from "./register/privacy.ts";
import { registerSchema } from "./register/schema.ts";
import { registerSketch } from "./register/sketch.ts";
import { registerStudio } from "./register/studio.ts";
import { registerTrain } from "./register/train.ts";

const version = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version as string;

/** The command line. Each command loads what it needs when it is called, so that help and wrong options are instant. */
export const program = quiet(new Command("attar"))
  .description("Dataset condensation: a real dataset in, one a thousand times smaller out.")
  .version(version);
example(program, "attar condense mnist --ipc 10", "attar evaluate runs/mnist-dm-ipc10-seed0 --on mnist");

// Help lists them in this order.
const registrations = [
  registerCondense,
  registerAdvise,
  registerEvaluate,
  registerAudit,
  registerTrain,
  registerMeasure,
  registerExperts,
  registerGenerators,
  registerArtefacts,
  registerMethods,
  registerCite,
  registerData,
  registerExport,
  registerBenchmark,
  registerSketch,
  registerPrivacy,
  registerStudio,
  registerSchema,
];
for (const register of registrations) register(program);
