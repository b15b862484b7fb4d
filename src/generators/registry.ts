import { AttarError, partText, readPartText, registry, resolveOptions } from "../engine/index.ts";
import { betaVae } from "./betaVae.ts";
import { conditionalGan } from "./conditionalGan.ts";
import { conditionalVae } from "./conditionalVae.ts";
import { cycleGan } from "./cycleGan.ts";
import { autoencoder } from "./diffusion/autoencoder.ts";
import { latentDiffusion } from "./diffusion/latentDiffusion.ts";
import { gan } from "./gan.ts";
import type { Generator, GeneratorGround, GeneratorKind, GeneratorSpec } from "./generator.ts";
import { identity } from "./identity.ts";
import { families } from "./imports/index.ts";
import { infoVae } from "./infoVae.ts";
import { sinGan } from "./sinGan.ts";
import { styleGan } from "./styleGan.ts";
import { type GeneratorRecipe, generatorRecipe } from "./training/recipe.ts";
import { vae } from "./vae.ts";
import { vqVae } from "./vqVae.ts";
import { penalisedWassersteinGan, wassersteinGan } from "./wassersteinGan.ts";

/** Every kind of generator, by the name that settings and artefacts use. */
export const generators = {
  cvae: conditionalVae,
  vae,
  "beta-vae": betaVae,
  "info-vae": infoVae,
  "vq-vae": vqVae,
  ae: autoencoder,
  ldm: latentDiffusion,
  gan,
  cgan: conditionalGan,
  wgan: wassersteinGan,
  "wgan-gp": penalisedWassersteinGan,
  style: styleGan,
  cyclegan: cycleGan,
  singan: sinGan,
  identity,
  ...families,
} satisfies Record<string, GeneratorKind>;

export type GeneratorName = keyof typeof generators;

/** The kinds of generators as a registry. */
export const generatorRegistry = registry<Readonly<Record<GeneratorName, GeneratorKind>>>("generator", generators, {
  sentence: (name) => `there is no generator "${name}"`,
});

/** The kind of generator of that name. @throws AttarError "unknown-generator" */
export const generatorNamed = (name: string): GeneratorKind => generatorRegistry.named(name);

/** The recipe that a kind is trained by unless told otherwise. @throws AttarError "unknown-generator" */
export const recipeOf = (name: string): GeneratorRecipe => generatorNamed(name).recipe ?? generatorRecipe;

/** True of a kind whose weights were trained elsewhere. */
export const isImported = (name: string): boolean => Object.hasOwn(families, name);

/** A generator with every option resolved. @throws AttarError "unknown-generator", "unknown-option", "invalid-option" */
export const generatorSpec = ({ name, options }: GeneratorSpec): GeneratorSpec => ({
  name,
  options: resolveOptions(`generator ${name}`, generatorNamed(name).options, options),
});

/** The spec that its training is known by: without the options that change no more than how samples are drawn. @throws AttarError as the above */
export function trainedSpec(spec: GeneratorSpec): GeneratorSpec {
  const { name, options } = generatorSpec(spec);
  const { sampling = [] } = generatorNamed(name);
  return {
    name,
    options: Object.fromEntries(Object.entries(options).filter(([option]) => !sampling.includes(option))),
  };
}

/**
 * The generator of a spec, for one data set.
 *
 * @throws AttarError "unknown-generator", "unknown-option", "invalid-option", "bad-combination"
 */
export function makeGenerator(spec: GeneratorSpec, ground: GeneratorGround): Generator {
  const { name, options } = generatorSpec(spec);
  return generatorNamed(name).make(options, ground);
}

/** Reads `cvae` or `cvae:z=8,width=200`. @throws AttarError "unknown-generator", "bad-generator", "unknown-option", "invalid-option" */
export function parseGenerator(text: string): GeneratorSpec {
  let name = "";
  const { options } = readPartText(
    text,
    (asked) => {
      name = asked;
      return generatorNamed(asked);
    },
    (piece) =>
      new AttarError(
        "bad-generator",
        `"${piece}" is no option of a generator`,
        "for example cvae, or cvae:z=8,width=200",
      ),
  );
  return generatorSpec({ name, options });
}

/** Tells whether {@link parseGenerator} reads a text. */
export function isGenerator(value: string): boolean {
  try {
    parseGenerator(value);
    return true;
  } catch (error) {
    if (error instanceof AttarError) return false;
    throw error;
  }
}

/** The shortest text that `parseGenerator` reads back as this. */
export const generatorText = ({ name, options }: GeneratorSpec): string =>
  partText(name, options, generatorNamed(name).options);
