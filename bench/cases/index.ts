import { AttarError, nearest } from "../../src/engine/index.ts";
import type { BenchCase } from "../case.ts";
import { adversarialStep } from "./adversarialStep.ts";
import { denoiserStep } from "./denoiserStep.ts";
import { features } from "./features.ts";
import { generatorStep } from "./generatorStep.ts";
import { gradient } from "./gradient.ts";
import { gradientMatching } from "./gradientMatching.ts";
import { kernelRidge } from "./kernelRidge.ts";
import { methodCases } from "./methods.ts";
import { trainingEpoch } from "./trainingEpoch.ts";
import { unroll20, unroll200 } from "./unroll.ts";

const cases: readonly BenchCase[] = [
  features,
  gradient,
  gradientMatching,
  trainingEpoch,
  generatorStep,
  adversarialStep,
  denoiserStep,
  kernelRidge,
  unroll20,
  unroll200,
  ...methodCases,
];

/** A case at one image size. */
export interface SizedCase {
  /** The case's name, with "-cifar" behind it for 32x32x3 images. */
  readonly name: string;
  readonly body: BenchCase;
  /** [channels, height, width]. */
  readonly input: readonly [number, number, number];
}

/** Every case for 28x28x1 images, then every case for 32x32x3 ones. */
export const sizedCases: readonly SizedCase[] = [
  ...cases.map((body): SizedCase => ({ name: body.name, body, input: [1, 28, 28] })),
  ...cases.map((body): SizedCase => ({ name: `${body.name}-cifar`, body, input: [3, 32, 32] })),
];

/** @throws AttarError "unknown-case". */
export function caseNamed(name: string): SizedCase {
  const found = sizedCases.find((c) => c.name === name);
  if (found) return found;
  const names = sizedCases.map((c) => c.name);
  const near = nearest(name, names);
  throw new AttarError(
    "unknown-case",
    `there is no bench case "${name}"`,
    `${near ? `Did you mean ${near}? ` : ""}Cases: ${names.join(", ")}.`,
  );
}
