import { autoencoderKl } from "./autoencoderKl.ts";
import { bigGan } from "./bigGan.ts";
import { bigGanDeep } from "./bigGanDeep.ts";
import { dcgan } from "./dcgan.ts";
import { styleGan2 } from "./styleGan2.ts";
import { taesd } from "./taesd.ts";

/** Families of generators that are trained elsewhere, by the name that settings and artefacts use. */
export const families = {
  dcgan,
  taesd,
  "sd-vae": autoencoderKl,
  stylegan2: styleGan2,
  biggan: bigGan,
  "biggan-deep": bigGanDeep,
} as const;
