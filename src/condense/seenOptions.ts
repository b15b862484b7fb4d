import type { DatasetInfo } from "../data/datasetInfo.ts";
import { arrayShape, embeddingDomain } from "../data/domain.ts";
import {
  AttarError,
  choice,
  integer,
  type OptionRules,
  type OptionValue,
  resolveOptions,
  size,
  type Tensor,
  text,
} from "../engine/index.ts";
import {
  type GeneratorSpec,
  generatorText,
  isGenerator,
  makeGenerator,
  parseGenerator,
  recipeOf,
} from "../generators/index.ts";
import type { Method } from "../methods/method.ts";
import { spaceNamed } from "../synthetic/index.ts";

/** The options of what a run looks at. */
export const seenOptions = {
  through: choice("none", ["none", "encoder"], "views of samples, or views of their codes under g_e, of S and T alike"),
  generator: text(
    "vae:z=16",
    "a kind of generator with an encoder, such as vae:z=16",
    (value) => isGenerator(value),
    "generator whose encoder is g_e; where S lives in codes it is that one",
  ),
  steps: integer(5000, 0, undefined, "steps of its training"),
} satisfies OptionRules;

/** What S and T are seen through, where they are seen through anything: a part of a configuration. */
export interface SeenThrough {
  readonly generator: string;
  readonly steps: number;
}

/** The generator of a configuration's codes. */
export const codesOf = ({
  generator,
  steps,
}: SeenThrough): { readonly spec: GeneratorSpec; readonly steps: number } => ({
  spec: parseGenerator(generator),
  steps,
});

/** Numbers of one code [n, …]. */
export const flatLength = ({ shape }: Tensor): number => size(shape.slice(1));

type Settings = Readonly<Record<string, OptionValue>>;

/**
 * What a method's run looks at under settings, and the facts of T as it sees them.
 *
 * @throws AttarError "bad-combination" (exit code 2) for a generator without an encoder, or where S's own codes are not those
 */
export function seenOf(
  method: Method,
  settings: Settings,
  dataset: DatasetInfo,
): { readonly seen?: SeenThrough; readonly looked: DatasetInfo } {
  const head = "seen.";
  const given = Object.entries(settings).filter(([path]) => path.startsWith(head));
  const own = Object.fromEntries(given.map(([path, value]) => [path.slice(head.length), value]));
  const options = resolveOptions("what is seen", seenOptions, { ...method.seen, ...own });
  if (options.through === "none") return { looked: dataset };
  const { generator, steps } = { ...options, ...ofSpace(method, settings) };
  const spec = parseGenerator(generator);
  const made = makeGenerator(spec, {
    name: dataset.name,
    shape: arrayShape(dataset.domain),
    kind: dataset.domain.kind,
    classes: dataset.classes.length,
    normalisation: { scale: 1, mean: zeros(dataset), std: zeros(dataset).fill(1) },
  });
  const z = made.parts(0).z;
  if (!made.encoder || !z || z.prior === "codebook")
    throw new AttarError(
      "bad-combination",
      `${generatorText(spec)} has no encoder to numbers that a view could look at`,
      "--set seen.generator=vae:z=16",
    );
  const length = size(z.shape);
  return {
    seen: { generator: generatorText(spec), steps: Number(steps ?? recipeOf(spec.name).steps) },
    looked: { ...dataset, domain: embeddingDomain(length), whitened: false },
  };
}

const zeros = ({ domain }: DatasetInfo) => new Array<number>(arrayShape(domain)[0]).fill(0);

/** The generator that S lives in, where it does: it is the only one in whose codes both sides can be. */
function ofSpace(method: Method, settings: Settings): { readonly generator?: string; readonly steps?: number } {
  const { name, options: declared = {} } = method.synthetic;
  if (name !== "latent") return {};
  const path = "synthetic.";
  const given = Object.entries(settings).flatMap(([key, value]) =>
    key.startsWith(path) ? [[key.slice(path.length), value] as const] : [],
  );
  const options = resolveOptions("data space latent", spaceNamed(name).options, {
    ...declared,
    ...Object.fromEntries(given),
  });
  if (options.layer !== 0 || options.part !== "z" || options.weights !== "frozen" || options.draw !== 0)
    throw new AttarError(
      "bad-combination",
      "S seen in its own codes is z of layer 0, which stays with a decoder that does not move",
      "--set synthetic.layer=0 --set synthetic.part=z --set synthetic.weights=frozen",
    );
  return { generator: String(options.generator), steps: Number(options.steps) };
}
