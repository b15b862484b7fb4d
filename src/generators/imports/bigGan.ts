import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import { integer, work } from "../../engine/index.ts";
import { oneHot, type TracedParams } from "../../hypotheses/index.ts";
import type { TracedCodes } from "../generator.ts";
import { rescaled } from "../layers/activations.ts";
import { connected, convolved } from "../layers/convolved.ts";
import { enlarged } from "../layers/spread.ts";
import { type Body, drawNormal, type Step } from "./body.ts";
import { declareFamily } from "./family.ts";
import { countLayers, labelsOption, listOf, nativeClasses, numbersOfList, tellingShape } from "./sizes.ts";
import { copied, foldedNorm, type SlotTable, spectral } from "./slots.ts";
import { sigmaByStep } from "./spectralNorm.ts";

const epsilon = 1e-5;

/** A weight normalised by its largest singular value, and its bias. */
const normalisedLayer = (name: string, shape: readonly number[]) => ({
  weight: spectral({ name: `${name}.weight`, shape }, [{ name: `${name}.u0`, shape: [1, shape[0]!] }], sigmaByStep),
  bias: copied(`${name}.bias`, [shape[0]!]),
});

const moments = (name: string, channels: number) => ({
  mean: { name: `${name}.stored_mean`, shape: [channels] },
  variance: { name: `${name}.stored_var`, shape: [channels] },
});

/** Batch normalisation whose gain, less 1, and bias are those of a class. */
const classNorm = (name: string, classes: number, channels: number) => ({
  ...foldedNorm(moments(name, channels), channels, epsilon),
  gain: copied(`${name}.gain.weight`, [classes, channels]),
  bias: copied(`${name}.bias.weight`, [classes, channels]),
});

/** x normalised, times 1 + the class's gain, plus its bias. Labels are one-hot [n, classes]. Consumes its arguments. */
function normalisedByClass(x: Traced, labels: Traced, { scale, shift, gain, bias }: TracedParams[string]): Traced {
  const n = x.shape[0]!;
  const channels = x.shape[1]!;
  const own = (table: Traced, one: Traced) => np.matmul(one, table).reshape([n, channels, 1, 1]);
  return rescaled(x, { scale: scale!, shift: shift! }).mul(own(gain!, labels.ref).add(1)).add(own(bias!, labels));
}

/**
 * BigGAN for small pictures (Brock et al. 2019), the generator that IT-GAN condenses in: class-conditional batch normalisation under
 * stored moments, residual blocks that double by nearest neighbours, spectral normalisation divided out.
 */
export const bigGan = declareFamily("biggan", {
  title: "BigGAN of small pictures, trained elsewhere",
  reference: "A.1.2",
  citation: work(
    "A. Brock, J. Donahue and K. Simonyan",
    2019,
    "Large Scale GAN Training for High Fidelity Natural Image Synthesis",
    "ICLR",
  ),
  formula: "min_G max_D of the hinge loss, the label in both",
  options: {
    z: integer(128, 1, 65536, "numbers of a code"),
    channels: listOf("256-256-256-256", "channels of the 4x4 map, then of each block's result"),
    classes: integer(10, 1, 65536, "classes that it is given"),
    colours: integer(3, 1, 3, "channels of its pictures"),
    labels: labelsOption,
  },
  ignored: /\.(?:u0|sv0)$|\.num_batches_tracked$/,
  sizes(file) {
    const [, z] = tellingShape(file, "biggan", "linear.weight") as [number, number];
    const [classes, first] = tellingShape(file, "biggan", "blocks.0.0.bn1.gain.weight") as [number, number];
    const count = countLayers(file, (i) => `blocks.${i}.0.conv1.weight`);
    const results = Array.from({ length: count }, (_, i) => file.shape(`blocks.${i}.0.conv1.weight`)![0]!);
    const [colours] = tellingShape(file, "biggan", "output_layer.2.weight") as [number];
    return { z, classes, channels: [first, ...results].join("-"), colours };
  },
  table({ z, channels, classes, colours }): SlotTable {
    const widths = numbersOfList(channels);
    const last = widths.at(-1)!;
    return {
      linear: normalisedLayer("linear", [widths[0]! * 16, z]),
      ...Object.fromEntries(
        widths.slice(1).flatMap((out, i) => {
          const input = widths[i]!;
          const name = `blocks.${i}.0`;
          const own = `block${i}`;
          return [
            [`${own}/norm1`, classNorm(`${name}.bn1`, classes, input)],
            [`${own}/conv1`, normalisedLayer(`${name}.conv1`, [out, input, 3, 3])],
            [`${own}/norm2`, classNorm(`${name}.bn2`, classes, out)],
            [`${own}/conv2`, normalisedLayer(`${name}.conv2`, [out, out, 3, 3])],
            [`${own}/shortcut`, normalisedLayer(`${name}.conv_sc`, [out, input, 1, 1])],
          ];
        }),
      ),
      norm: foldedNorm(
        { ...moments("output_layer.0", last), weight: "output_layer.0.gain", bias: "output_layer.0.bias" },
        last,
        epsilon,
      ),
      output: normalisedLayer("output_layer.2", [colours, last, 3, 3]),
    };
  },
  body({ z, channels, classes, colours, labels }): Body {
    const widths = numbersOfList(channels);
    const count = widths.length - 1;
    const side = (i: number) => 4 * 2 ** i;
    const layersOf = (i: number) => ["norm1", "conv1", "norm2", "conv2", "shortcut"].map((own) => `block${i}/${own}`);
    const block = (params: TracedParams, i: number, x: Traced, label: Traced): Traced => {
      const own = (name: string) => params[`block${i}/${name}`]!;
      const one = convolved(enlarged(nn.relu(normalisedByClass(x.ref, label.ref, own("norm1")))), own("conv1"));
      const two = convolved(nn.relu(normalisedByClass(one, label, own("norm2"))), own("conv2"));
      return two.add(convolved(enlarged(x), own("shortcut")));
    };
    const steps = Array.from({ length: count }, (_, i): Step => {
      const final = i === count - 1;
      return {
        reads: [...(i === 0 ? ["linear"] : []), ...layersOf(i), ...(final ? ["norm", "output"] : [])],
        apply(params, codes): TracedCodes {
          const start = i === 0 ? connected(codes.z!, params.linear!).reshape([-1, widths[0]!, 4, 4]) : codes.features!;
          const x = block(params, i, start, final ? codes.class! : codes.class!.ref);
          if (!final) return { features: x, class: codes.class! };
          return { pictures: np.tanh(convolved(nn.relu(rescaled(x, params.norm!)), params.output!)) };
        },
      };
    });
    const label = { class: { shape: [classes], prior: "one-hot" as const } };
    return {
      pictures: { shape: [colours, side(count), side(count)], black: -1, white: 1 },
      conditional: true,
      facts: {
        injective: "not known: it is not built to be",
        surjective: "no: samples have as many dimensions as a code at most",
      },
      draw: (own, key) => ({
        z: drawNormal(own.length, [z], key),
        class: oneHot(nativeClasses(labels, own, classes), classes),
      }),
      layers: steps.map((step, i) => ({
        parts:
          i === 0
            ? { z: { shape: [z], prior: "normal" as const }, ...label }
            : { features: { shape: [widths[i]!, side(i), side(i)], prior: "activations" as const }, ...label },
        step,
      })),
    };
  },
});
