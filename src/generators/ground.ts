import type { DatasetFacts } from "../data/reader.ts";
import type { GeneratorGround } from "./generator.ts";

/** The ground of a data set. */
export const generatorGround = ({ name, shape, domain, classes, normalisation }: DatasetFacts): GeneratorGround => ({
  name,
  shape,
  kind: domain.kind,
  classes: classes.length,
  normalisation,
});
