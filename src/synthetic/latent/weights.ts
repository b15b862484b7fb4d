import { AttarError, size } from "../../engine/index.ts";
import type { Generator } from "../../generators/index.ts";
import type { Params } from "../../hypotheses/index.ts";
import type { Variables } from "../space.ts";

/** The name that a generator's weight has among the variables of S. */
export const weightName = (layer: string, name: string) => `generator.${layer}.${name}`;

/** The names of the weights of some layers. */
export const namesOfWeights = ({ shapes }: Generator, layers: readonly string[]): string[] =>
  layers.flatMap((own) => Object.keys(shapes[own]!).map((name) => weightName(own, name)));

/** Parameters by layer and name as variables. */
export const flatWeights = (params: Params): Variables =>
  Object.fromEntries(
    Object.entries(params).flatMap(([layer, own]) =>
      Object.entries(own).map(([name, value]) => [weightName(layer, name), value]),
    ),
  );

/** Variables as parameters of some layers, by layer and name. */
export const nestedWeights = <T>(
  variables: Readonly<Record<string, T>>,
  reads: readonly string[],
  { shapes }: Generator,
): Record<string, Record<string, T>> =>
  Object.fromEntries(
    reads.map((layer) => [
      layer,
      Object.fromEntries(Object.keys(shapes[layer]!).map((name) => [name, variables[weightName(layer, name)]!])),
    ]),
  );

/** The layers of parameters that drawing codes reads. */
export const priorLayers = ({ drawsFrom, shapes }: Generator): readonly string[] =>
  drawsFrom ?? (shapes.prior ? ["prior"] : []);

/** The layers of parameters that encode images, and that a denoising loss reads. @throws AttarError "bad-combination" */
export function encoderLayers({ encoder, denoising, spec }: Generator): readonly string[] {
  if (encoder) return [...new Set([...encoder.reads, ...(denoising?.reads ?? [])])];
  throw new AttarError(
    "bad-combination",
    `the generator ${spec.name} has no encoder whose layers could be kept`,
    "--set synthetic.encoder=false",
  );
}

/** Floats of the layers that decode codes of a layer. */
export const decoderFloats = (made: Generator, layer: number): number =>
  made
    .reads(layer)
    .flatMap((name) => Object.values(made.shapes[name]!))
    .reduce((sum, { shape }) => sum + size(shape), 0);
