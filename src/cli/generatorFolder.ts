import type { Identity } from "../artefacts/index.ts";
import { namePart } from "../data/index.ts";
import { type GeneratorSpec, generatorSpec, generatorText } from "../generators/index.ts";

/** The folder in which `attar generators` keeps one unless told otherwise. */
export const generatorFolder = (
  dataset: string,
  { spec, steps, seed }: { readonly spec: GeneratorSpec; readonly steps: number; readonly seed: number },
): string => `runs/generators/${namePart(`${dataset}-${generatorText(spec)}`)}-steps${steps}-seed${seed}`;

/** The spec of a generator by the identity of its artefact. */
export function specOfIdentity({ generator }: Identity): GeneratorSpec {
  const { name = "", ...options } = typeof generator === "object" ? generator : {};
  return generatorSpec({ name: String(name), options });
}
