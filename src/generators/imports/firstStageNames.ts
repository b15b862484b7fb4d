import type { ForeignTensors } from "./foreignTensors.ts";
import { numbersOfList } from "./sizes.ts";

/** The names of a first stage's layers in a file. */
export interface LayerNames {
  /** The name of a layer without `.weight`, by the name that it has here. */
  layer(own: string): string;
  /** True where the projections of attention are matrices, false where they are convolutions of one pixel. */
  readonly linear: boolean;
}

const replaced = (
  own: string,
  words: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[],
): string => words.reduce((name, [pattern, word]) => name.replace(pattern, word as string), own);

/** Names as the authors of latent diffusion gave them: `decoder.up.0.block.1.conv1`. */
export const compVisNames = (_sizes: unknown): LayerNames => ({
  linear: false,
  layer: (own) =>
    replaced(own, [
      [/^(\w+)\/in$/, "$1.conv_in"],
      [/^(\w+)\/norm$/, "$1.norm_out"],
      [/^(\w+)\/out$/, "$1.conv_out"],
      [/\/middle\/block(\d)/, ".mid.block_$1"],
      [/\/middle\/attention\/(\w)$/, ".mid.attn_1.$1"],
      [/\/middle\/attention\/norm$/, ".mid.attn_1.norm"],
      [/\/middle\/attention\/out$/, ".mid.attn_1.proj_out"],
      [/\/down(\d+)\/resize$/, ".down.$1.downsample.conv"],
      [/\/up(\d+)\/resize$/, ".up.$1.upsample.conv"],
      [/\/(down|up)(\d+)\/block(\d+)/, ".$1.$2.block.$3"],
      [/\/shortcut$/, ".nin_shortcut"],
      [/\//g, "."],
    ]),
});

/** Names of diffusers: `decoder.up_blocks.2.resnets.1.conv1`, whose blocks of the decoder are counted from the smallest maps. */
export function diffusersNames({ channels }: { readonly channels: string }, file: ForeignTensors): LayerNames {
  const levels = numbersOfList(channels).length;
  const old = file.shape("encoder.mid_block.attentions.0.query.weight") !== undefined;
  const projection: Readonly<Record<string, string>> = old
    ? { q: "query", k: "key", v: "value", out: "proj_attn" }
    : { q: "to_q", k: "to_k", v: "to_v", out: "to_out.0" };
  const level = (side: string, i: string) => (side === "up" ? levels - 1 - Number(i) : Number(i));
  return {
    linear: true,
    layer: (own) =>
      replaced(own, [
        [/^(\w+)\/in$/, "$1.conv_in"],
        [/^(\w+)\/norm$/, "$1.conv_norm_out"],
        [/^(\w+)\/out$/, "$1.conv_out"],
        [/\/middle\/block(\d)/, (_, k) => `.mid_block.resnets.${Number(k) - 1}`],
        [/\/middle\/attention\/norm$/, ".mid_block.attentions.0.group_norm"],
        [/\/middle\/attention\/(\w+)$/, (_, name) => `.mid_block.attentions.0.${projection[name!]}`],
        [/\/(down|up)(\d+)\/resize$/, (_, side, i) => `.${side}_blocks.${level(side!, i!)}.${side}samplers.0.conv`],
        [/\/(down|up)(\d+)\/block(\d+)/, (_, side, i, j) => `.${side}_blocks.${level(side!, i!)}.resnets.${j}`],
        [/\/shortcut$/, ".conv_shortcut"],
        [/\//g, "."],
      ]),
  };
}
