import { sha256 } from "../../data/checksum.ts";
import type { Dataset } from "../../data/dataset.ts";
import { type RealReader, readerOf } from "../../data/reader.ts";
import { AttarError, type Tensor } from "../../engine/index.ts";
import type { Method } from "../../methods/method.ts";
import type { Claim } from "../../privacy/index.ts";
import type { CondenseOptions, Configuration } from "../configuration.ts";

/**
 * Noised sums of a dataset, drawn once: all that is left of T, and as public as its claim says. Sets of any size are condensed
 * from it, any number of times, at no further cost.
 */
export interface Sketch {
  /** The dataset without its samples: labels that say their number, as many of each class. */
  readonly dataset: Dataset;
  readonly method: Method;
  /** The options that hypotheses, draws and augmentation of the releases follow from. */
  readonly options: Pick<CondenseOptions, "seed" | "preset" | "network" | "augmentation" | "settings"> & {
    readonly ipc: number;
  };
  readonly claim: Claim;
  /** Means of every release, [releases, classes, numbers of a summand]. */
  readonly releases: Tensor;
}

/** The dataset of a sketch: public facts, and as many labels as there were samples. */
export async function withoutSamples(
  facts: Omit<Dataset, "train" | "test" | "checksum">,
  samples: number,
  releases: Tensor,
): Promise<Dataset> {
  const { buffer, byteOffset, byteLength } = releases.data;
  const labels = Int32Array.from({ length: samples }, (_, i) => i % facts.classes.length);
  return {
    ...facts,
    train: { images: new Uint8Array(0), labels },
    test: { images: new Uint8Array(0), labels: new Int32Array(0) },
    checksum: await sha256(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)),
  };
}

/**
 * The options of a run that condenses from a sketch: what releases were drawn under is the sketch's, all else the person's.
 *
 * @throws AttarError "bad-option" where a setting would change what was drawn
 */
export function optionsFrom(sketch: Sketch, given: CondenseOptions): CondenseOptions & { readonly ipc: number } {
  const { seed, preset, network, augmentation, settings, ipc } = sketch.options;
  const drawn = { seed, preset, network, augmentation };
  for (const [name, value] of Object.entries(drawn)) {
    const asked = given[name as keyof typeof drawn];
    if (asked !== undefined && JSON.stringify(asked) !== JSON.stringify(value))
      throw new AttarError("bad-option", `${name} of a run from a sketch is the sketch's`, "leave it out");
  }
  const [first] = sketch.claim.releases;
  return {
    ...given,
    ...drawn,
    ipc: given.ipc ?? ipc,
    settings: {
      ...settings,
      ...given.settings,
      "privacy.epsilon": 0,
      "privacy.sigma": first!.sigma,
      "privacy.clip": sketch.claim.clip,
      "privacy.releases": sketch.releases.shape[0]!,
    },
  };
}

/** The parts of a configuration that a release is a function of. */
const readSide = ({ terms, hypotheses, network, matching, seed }: Configuration) => ({
  "a view or a discrepancy": terms,
  "the source of hypotheses": hypotheses,
  "the network": network,
  "the augmentation": matching,
  "the seed": seed,
});

/** @throws AttarError "other-sketch" where a run looks at T in another way than the releases did */
export function checkDrawnAlike(run: Configuration, sketch: Configuration): void {
  const other = Object.entries(readSide(run)).find(
    ([name, own]) =>
      JSON.stringify(own) !== JSON.stringify(readSide(sketch)[name as keyof ReturnType<typeof readSide>]),
  );
  if (!other) return;
  throw new AttarError(
    "other-sketch",
    `${other[0]} of this run is another one than the sketch's noised sums were drawn with`,
    "leave out what changes it, or draw another sketch",
  );
}

/** The reader of a sketch: its releases by number, and nothing else. */
export function readerOfSketch({ dataset, releases }: Sketch): RealReader {
  const { facts, sizes } = readerOf(dataset);
  const [count, classes, numbers] = releases.shape as [number, number, number];
  const refuse = (what: string): Promise<never> =>
    Promise.reject(
      new AttarError(
        "not-in-sketch",
        `${what} is not in a sketch, which has noised sums alone`,
        "--set initialisation=noise",
      ),
    );
  return {
    facts,
    sizes,
    prepare: async () => {},
    async sum({ name, summands }, choice) {
      if (!("draw" in choice) || !summands || choice.draw >= count || choice.classes.length !== classes)
        return refuse(`the sum of ${name}`);
      const parts = await summands.parts();
      if (parts.reduce((sum, { length }) => sum + length, 0) !== numbers) return refuse(`the sum of ${name}`);
      return summands.from(releases.rows(choice.draw, choice.draw + 1).reshape([classes, numbers]));
    },
    rows: ({ name }) => refuse(`the ${name} of single samples`),
    batch: (purpose) => refuse(`what ${purpose} would need`),
    fit: ({ name }) => refuse(`what ${name} would be trained on`),
  };
}
