import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { integer } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import { activation } from "../../hypotheses/layers/activation.ts";
import { mapAttention } from "../../hypotheses/layers/attention.ts";
import { conv2d } from "../../hypotheses/layers/conv2d.ts";
import { linear } from "../../hypotheses/layers/linear.ts";
import { groupNorm } from "../../hypotheses/layers/normalisation.ts";
import { sequential } from "../../hypotheses/layers/sequential.ts";
import type { InitialTable, Pass, Stage } from "../../hypotheses/layers/stage.ts";
import type { Denoiser } from "./denoiser.ts";
import { doubled } from "./doubled.ts";
import { silent } from "./silent.ts";
import { timeEmbedding } from "./timeEmbedding.ts";

/** The options of a U-Net that sees noise. */
export const unetOptions = {
  width: integer(
    0,
    0,
    1024,
    "channels of the U-Net's first level, of which level k has k times as many; of a transformer's tokens; 0 for 32, half as many where a side is below 16",
  ),
  levels: integer(2, 1, 4, "levels of the U-Net, each of half the side"),
  blocks: integer(
    1,
    1,
    8,
    "residual blocks of a level on the way down, one more on the way up; blocks of a transformer",
  ),
};

const pass: Pass = { moments: "batch" };

/** A stage that is given the embedding of time and condition too. */
interface Modulated {
  readonly parameters: InitialTable;
  readonly output: readonly number[];
  /** Consumes x; the embedding is referenced. */
  apply(params: TracedParams, x: Traced, embedding: Traced): Traced;
}

/** The largest number of groups up to 8 that divides the channels. */
const groupsOf = (channels: number): number => [8, 7, 6, 5, 4, 3, 2, 1].find((g) => channels % g === 0)!;

const convolution = (layer: string, channels: number, kernel = 3, stride = 1) =>
  conv2d(layer, { channels, kernel, stride, padding: (kernel - 1) / 2 });

/**
 * A residual block: normalised, swish, convolved, twice; between the two the embedding scales and shifts every channel. A shortcut of 1x1
 * where the channels change.
 */
function residualBlock(layer: string, channels: number, embedded: number, input: readonly number[]): Modulated {
  const norm = (name: string, of: number) => groupNorm(`${layer}.${name}`, groupsOf(of));
  const first = sequential(
    norm("norm1", input[0]!),
    activation("swish"),
    convolution(`${layer}.conv1`, channels),
  )(input);
  const { output } = first;
  const second = norm("norm2", channels)(output);
  const modulation = silent(sequential(activation("swish"), linear(`${layer}.embedding`, 2 * channels))([embedded]));
  const third = silent(sequential(activation("swish"), convolution(`${layer}.conv2`, channels))(output));
  const shortcut = input[0] === channels ? undefined : convolution(`${layer}.shortcut`, channels, 1)(input);
  const stages = [first, second, modulation, third, ...(shortcut ? [shortcut] : [])];
  return {
    parameters: Object.assign({}, ...stages.map(({ parameters }) => parameters)),
    output,
    apply(params, x, embedding) {
      const whole = modulation.apply(params, embedding.ref, pass).reshape([-1, 2 * channels, 1, 1]);
      const scale = whole.ref.slice([], [0, channels]).add(1);
      const shift = whole.slice([], [channels, 2 * channels]);
      const seen = second
        .apply(params, first.apply(params, x.ref, pass), pass)
        .mul(scale)
        .add(shift);
      const straight = shortcut ? shortcut.apply(params, x, pass) : x;
      return straight.add(third.apply(params, seen, pass));
    },
  };
}

/** A stage that does not look at the embedding. */
const unmodulated = ({ parameters, output, apply }: Stage): Modulated => ({
  parameters,
  output,
  apply: (params, x) => apply(params, x, pass),
});

/** Stages one after the other. */
function chained(stages: readonly Modulated[], input: readonly number[]): Modulated {
  return {
    parameters: Object.assign({}, ...stages.map(({ parameters }) => parameters)),
    output: stages.at(-1)?.output ?? input,
    apply: (params, x, embedding) => stages.reduce((y, stage) => stage.apply(params, y, embedding), x),
  };
}

/**
 * The U-Net of diffusion models (Ho et al. 2020, Dhariwal and Nichol 2021) on latents [C, h, w]: residual blocks that time and condition
 * modulate, attention at the lowest level, every result on the way down joined on the way up.
 */
export function unet(
  { width, levels, blocks }: { readonly width: number; readonly levels: number; readonly blocks: number },
  input: readonly [number, number, number],
): Denoiser {
  const embedded = 4 * width;
  const time = sequential(linear("unet.time1", embedded), activation("swish"), linear("unet.time2", embedded))([width]);
  const wide = (level: number) => width * (level + 1);
  const isLowest = (level: number) => level === levels - 1;
  const withAttention = (layer: string, block: Modulated): Modulated =>
    chained([block, unmodulated(mapAttention(`${layer}.attention`, groupsOf(block.output[0]!))(block.output))], []);
  const begin = unmodulated(convolution("unet.in", width)(input));
  let at: readonly number[] = begin.output;
  const down: Modulated[] = [];
  const kept: (readonly number[])[] = [at];
  for (let level = 0; level < levels; level++) {
    for (let b = 0; b < blocks; b++) {
      const layer = `unet.down${level + 1}.${b + 1}`;
      const block = residualBlock(layer, wide(level), embedded, at);
      down.push(isLowest(level) ? withAttention(layer, block) : block);
      at = block.output;
      kept.push(at);
    }
    if (isLowest(level)) continue;
    const half = unmodulated(convolution(`unet.down${level + 1}.half`, wide(level), 3, 2)(at));
    down.push(half);
    at = half.output;
    kept.push(at);
  }
  const middle = chained(
    [
      withAttention("unet.middle1", residualBlock("unet.middle1", at[0]!, embedded, at)),
      residualBlock("unet.middle2", at[0]!, embedded, at),
    ],
    at,
  );
  const up: { readonly joins: boolean; readonly stage: Modulated }[] = [];
  for (let level = levels - 1; level >= 0; level--) {
    for (let b = 0; b <= blocks; b++) {
      const layer = `unet.up${level + 1}.${b + 1}`;
      const [channels, ...side] = at as [number, number, number];
      const block = residualBlock(layer, wide(level), embedded, [channels + kept.pop()![0]!, ...side]);
      up.push({ joins: true, stage: isLowest(level) ? withAttention(layer, block) : block });
      at = block.output;
    }
    if (level === 0) continue;
    const twice = unmodulated(sequential(doubled, convolution(`unet.up${level + 1}.twice`, at[0]!))(at));
    up.push({ joins: false, stage: twice });
    at = twice.output;
  }
  const last = sequential(groupNorm("unet.norm", groupsOf(at[0]!)), activation("swish"))(at);
  const out = silent(convolution("unet.out", input[0])(at));
  const all = [time, begin, ...down, middle, ...up.map(({ stage }) => stage), last, out];
  return {
    parameters: Object.assign({}, ...all.map(({ parameters }) => parameters)),
    condition: embedded,
    apply(params, z, times, condition) {
      const embedding = time.apply(params, timeEmbedding(times, width), pass).add(condition);
      const results = [begin.apply(params, z, embedding)];
      for (const stage of down) results.push(stage.apply(params, results.at(-1)!.ref, embedding));
      let x = middle.apply(params, results.at(-1)!.ref, embedding);
      for (const { joins, stage } of up)
        x = stage.apply(params, joins ? np.concatenate([x, results.pop()!], 1) : x, embedding);
      embedding.dispose();
      return out.apply(params, last.apply(params, x, pass), pass);
    },
  };
}
