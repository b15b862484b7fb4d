import type { Array as Traced } from "@jax-js/jax";
import { AttarError, type RandomKey, size, type Tensor, tensor } from "../../engine/index.ts";
import type { Params, TracedParams } from "../../hypotheses/index.ts";
import { classNormalShapes, drawClassNormals, fitClassNormals, standardNormals } from "../classNormal.ts";
import { checkLayer } from "../codeLayer.ts";
import type {
  CodePart,
  Codes,
  Generator,
  GeneratorGround,
  GeneratorSpec,
  MapFacts,
  TracedCodes,
} from "../generator.ts";
import { adaptation, type Picture } from "./adaptation.ts";
import { type SlotTable, shapesOf } from "./slots.ts";

/** A part of a decoder: from codes of one layer to those of the next, the last one to `pictures`. */
export interface Step {
  /** The layers of parameters that it reads; no other step does. */
  readonly reads: readonly string[];
  /** Consumes both. */
  apply(params: TracedParams, codes: TracedCodes): TracedCodes;
}

/** A model trained elsewhere, as far as it is computed. */
export interface Body {
  readonly pictures: Picture;
  /** The parts of a code of every layer, and the step that leads on from it. */
  readonly layers: readonly { readonly parts: Readonly<Record<string, CodePart>>; readonly step: Step }[];
  readonly conditional: boolean;
  readonly facts: MapFacts;
  /** Codes of layer 0 from the prior; normal codes of a class fitted to T where left out, of a model with an encoder. */
  draw?(labels: Int32Array, key: RandomKey): Codes;
  readonly encoder?: {
    readonly reads: readonly string[];
    /** [n, C, H, W] of the model → `z`. Consumes both. */
    encode(params: TracedParams, pictures: Traced): Traced;
  };
}

/** Numbers of the largest map of all samples that are computed at a time, which has some 64 channels. */
const floatsAtATime = 2 ** 22;

/** Numbers of a code of which a normal distribution a class is kept, at most. */
const mostFitted = 1024;

/** The generator of a model trained elsewhere: what it makes is brought to the size, colours and normalisation of the data. */
export function importedGenerator(
  spec: GeneratorSpec,
  table: SlotTable,
  body: Body,
  ground: GeneratorGround,
): Generator {
  const { layers, encoder } = body;
  const last = layers.length - 1;
  const { toSamples, toPictures } = adaptation(body.pictures, ground);
  const code = layers[0]!.parts.z!.shape;
  const fitted = !body.draw;
  if (fitted && size(code) > mostFitted)
    throw new AttarError(
      "bad-combination",
      `a code of ${spec.name} has ${size(code)} numbers, more than the ${mostFitted} of which the distribution in a class is kept`,
      "--set size=32 makes smaller pictures",
    );
  const shapes = { ...shapesOf(table), ...(fitted && classNormalShapes(ground.classes, size(code))) };
  const run = (params: TracedParams, codes: TracedCodes, from: number, to: number): TracedCodes =>
    layers.slice(from, to).reduce((now, { step }) => step.apply(params, now), codes);
  return {
    spec,
    output: ground.shape,
    classes: ground.classes,
    conditional: body.conditional || fitted,
    layers: last,
    together: Math.max(1, Math.floor(floatsAtATime / (64 * size(body.pictures.shape.slice(1))))),
    shapes,
    facts: body.facts,
    parts(layer) {
      checkLayer(spec.name, layer, last);
      return layers[layer]!.parts;
    },
    reads: (layer) => layers.slice(layer).flatMap(({ step }) => step.reads),
    init: (key) => ({ ...startOf(table, key), ...(fitted && { prior: standardNormals(ground.classes, size(code)) }) }),
    sample: (params, labels, key) =>
      body.draw?.(labels, key) ?? {
        z: drawClassNormals(params.prior!, labels, key).reshape([labels.length, ...code]),
      },
    decode: (params, codes, layer) => toSamples(run(params, codes, layer, layers.length).pictures!),
    advance(params, codes, layer) {
      if (!codes.ws) return run(params, codes, 0, layer);
      for (const own of layers[0]!.step.reads) for (const unused of Object.values(params[own]!)) unused.dispose();
      return run(params, codes, 1, layer);
    },
    ...(encoder && {
      encoder: {
        reads: encoder.reads,
        encode(params, images, labels) {
          labels.dispose();
          return { z: encoder.encode(params, toPictures(images)) };
        },
      },
    }),
    imported: {
      ...(fitted &&
        encoder && {
          fitPrior: (params, { z }, labels) => ({
            ...params,
            prior: fitClassNormals(z!.reshape([labels.length, size(code)]), labels, ground.classes, 1e-4),
          }),
        }),
    },
  };
}

/** Parameters of a model whose weights are not there: normal numbers, small enough to pass through. */
const startOf = (table: SlotTable, key: RandomKey): Params =>
  Object.fromEntries(
    Object.entries(table).map(([layer, slots]) => [
      layer,
      Object.fromEntries(
        Object.entries(slots).map(([name, { shape }]) => {
          const fan = size(shape.slice(1));
          const values = key.fold(`${layer} ${name}`).normal(size(shape));
          return [
            name,
            tensor(
              values.map((v) => v / Math.sqrt(fan)),
              [...shape],
            ),
          ];
        }),
      ),
    ]),
  );

/** Standard normal codes of a shape, cut at `bound` where one is given by drawing again, times a number. */
export function drawNormal(count: number, shape: readonly number[], key: RandomKey, bound = Infinity, by = 1): Tensor {
  const values = key.normal(count * size(shape));
  for (let round = 0; values.some((v) => Math.abs(v) > bound); round++) {
    const again = key.fold(round).normal(values.length);
    for (const [i, v] of values.entries()) if (Math.abs(v) > bound) values[i] = again[i]!;
  }
  return tensor(
    values.map((v) => v * by),
    [count, ...shape],
  );
}
