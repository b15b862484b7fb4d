import { AttarError, partText, readPartText, registry, resolveOptions } from "../../engine/index.ts";
import { bank } from "./bank.ts";
import { fresh } from "./fresh.ts";
import type { Sampling, SamplingSpec } from "./sampling.ts";
import { styles } from "./styles.ts";
import { teacher } from "./teacher.ts";

/** Every way of sampling that a protocol may have, by the name that `--protocol` uses. */
export const samplings = { bank, fresh, styles, teacher } satisfies Record<string, Sampling>;

/** The ways of sampling as a registry. */
export const samplingRegistry = registry<Readonly<Record<string, Sampling>>>("protocol", samplings, {
  sentence: (name) => `there is no protocol "${name}"`,
});

/** The way of sampling of that name. @throws AttarError "unknown-protocol" */
export const samplingNamed = (name: string): Sampling => samplingRegistry.named(name);

/** Reads `fresh` or `styles:standardised=true`. @throws AttarError "unknown-protocol", "bad-protocol", "unknown-option", "invalid-option" */
export function parseSampling(text: string): SamplingSpec {
  let name = "";
  const { options } = readPartText(
    text,
    (asked) => {
      name = asked;
      return samplingNamed(asked);
    },
    (piece) =>
      new AttarError(
        "bad-protocol",
        `"${piece}" is no option of a protocol`,
        "for example fresh, or styles:standardised=true",
      ),
  );
  return { name, options: resolveOptions(`protocol ${name}`, samplingNamed(name).options, options) };
}

/** The shortest text that {@link parseSampling} reads back as this. */
export const samplingText = ({ name, options }: SamplingSpec): string =>
  partText(name, options, samplingNamed(name).options);

export type { Sampler, Sampling, SamplingContext, SamplingSpec } from "./sampling.ts";
