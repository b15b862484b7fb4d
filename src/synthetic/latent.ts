import type { Normalisation } from "../data/dataset.ts";
import { arrayShape } from "../data/domain.ts";
import type { RealReader } from "../data/reader.ts";
import {
  AttarError,
  choice,
  flag,
  integer,
  number,
  type RandomKey,
  type Resolved,
  size,
  Tensor,
  tensor,
  text,
  unsaid,
} from "../engine/index.ts";
import {
  type Codes,
  type Generator,
  generatorGround,
  hostedGenerator,
  inverted,
  isGenerator,
  makeGenerator,
  parseGenerator,
  readLayers,
} from "../generators/index.ts";
import type { Params } from "../hypotheses/index.ts";
import { clustersCodes, codeCentres } from "./codeCentres.ts";
import { initialiseImages } from "./initialise.ts";
import type { ChosenRule, GeneratorRequest, TrainedGenerator } from "./select.ts";
import {
  type DataSpace,
  declareSpace,
  groundOf,
  type SpaceGround,
  type TracedVariables,
  type Variables,
} from "./space.ts";

const options = {
  generator: text(
    "cvae",
    "a kind of generator with its options, such as cvae or vae:z=16",
    (value) => isGenerator(value),
    "generator in whose codes S lives, trained on T",
  ),
  steps: integer(5000, 0, undefined, "steps of its training; 0 for random weights"),
  layer: integer(0, 0, 64, "layer of it that S enters at; 0 is its code"),
  part: choice(
    "z",
    ["z", "class", "z+class", "condition", "z+condition", "noise", "none"],
    "parts of a code of layer 0 that are learned",
  ),
  weights: choice(
    "frozen",
    ["frozen", "learned", "biases"],
    "whether the layers after that move with S; of biases those numbers, gains of normalisations and tables of classes alone",
  ),
  weightRate: number(0.01, 0, undefined, "factor on the learning rate of those layers"),
  draw: integer(
    0,
    0,
    undefined,
    "codes of a class that every step draws anew from the prior; 0 for ipc codes that stay",
  ),
  styleRate: number(1, 0, undefined, "factor on the learning rate of the styles of a code, part ws of layers of style"),
  inversion: integer(
    200,
    1,
    undefined,
    "steps down ‖G(z) − x‖² by which codes are sought of the images that S starts from, where there is no encoder",
  ),
  inversionRate: number(0.1, 0, undefined, "learning rate of these steps"),
  encoder: unsaid(flag(false, "whether the layers that encode T are kept with S, for terms that read codes of T")),
  bound: number(0, 0, undefined, "codes are cut to plus and minus this after a step; 0 for no bound"),
  fidelity: number(0.8, 0, 1, "share of the generator's samples that must be of the class asked for"),
};

type LatentOptions = Resolved<typeof options>;

/** The generator that the options of a latent space ask for. */
export const generatorAsked = ({
  generator,
  steps,
  fidelity,
}: Pick<LatentOptions, "generator" | "steps" | "fidelity">): GeneratorRequest => ({
  spec: parseGenerator(generator),
  steps,
  judged: fidelity > 0 && steps > 0,
});

/**
 * S in the latent space of a generator (§4, g_d^# ν; §5.2.1): a code an image, at any layer, decoded in every step. The initialisation
 * `noise` draws codes from the prior, any other encodes its images, or seeks their codes where there is no encoder. What a method does to images it does to those decoded. Weights belong to
 * the run's variables, so that a run goes on without the artefact.
 */
export const latent = declareSpace({
  title: "codes of a generator",
  reference: "§4; §5.2.1; A.1",
  options,
  storage: ({ generator, layer }) =>
    `ipc codes per class of layer ${layer} of ${generator}; stored as decoded images or as codes with the layers that decode them, whichever is smaller`,
  extent(chosen, ground, ipc) {
    const made = makeGenerator(parseGenerator(chosen.generator), sizeGround(ground));
    const learned = learnedParts(chosen, made);
    refuseStill(chosen, made);
    // A label is stored anyway, and so is the seed: parts that follow from either cost nothing where they do not move.
    const parts = Object.entries(made.parts(chosen.layer)).filter(
      ([name, { prior, keyed }]) =>
        learned.includes(name) || !(prior === "one-hot" || prior === "class-embedding" || keyed),
    );
    const each = parts.reduce((sum, [, { shape, floats }]) => sum + (floats ?? size(shape)), 0);
    const count = ground.classes.length * ipc;
    const form = {
      codes: Math.ceil(count * each),
      decoder: decoderFloats(made, chosen.layer),
      ...(made.imported && { outside: true as const }),
    };
    return {
      imagesPerClass: ipc,
      startImages: ipc,
      storedFloats: Math.min(form.codes + form.decoder, count * size(ground.domain.shape)),
      form,
    };
  },
  make(chosen, facts, ipc) {
    const extent = latent.extent(chosen, groundOf(facts), ipc);
    const { layer, weights, weightRate, styleRate, bound, draw } = chosen;
    const made = makeGenerator(parseGenerator(chosen.generator), generatorGround(facts));
    const learned = learnedParts(chosen, made);
    const names = Object.keys(made.parts(layer));
    const reads = made.reads(layer);
    const priorReads = priorLayers(made);
    const beside = chosen.encoder
      ? encoderLayers(made).filter((own) => !reads.includes(own) && !priorReads.includes(own))
      : [];
    const drawsFrom = priorReads.filter((own) => !reads.includes(own));
    const namesOf = (layers: readonly string[]) =>
      layers.flatMap((own) => Object.keys(made.shapes[own]!).map((name) => weightName(own, name)));
    const classes = facts.classes.length;
    const rateOf = (part: string) => (part === "ws" ? styleRate : 1);
    const ofParts = names.map(
      (name) => [name, { perClass: true, rate: rateOf(name), frozen: !learned.includes(name) }] as const,
    );
    const shared = (layers: readonly string[], rate: number, moves: Moves) =>
      layers.flatMap((own) => {
        const fixed = (made.fixed ?? []).includes(own);
        return Object.keys(made.shapes[own]!).map((name) => {
          const frozen = fixed || !moves(made.shapes[own]!, name);
          return [weightName(own, name), { perClass: false, rate, frozen }] as const;
        });
      });
    const held = [...drawsFrom, ...beside];
    const space: DataSpace = {
      ...extent,
      generator: { made, weightName },
      variables: Object.fromEntries([
        ...ofParts,
        ...shared(reads, weightRate, moving[weights]),
        ...shared(held, 0, moving.frozen),
      ]),
      most: 0,
      ...(draw > 0 && { drawn: draw }),
      ...(layer === 0 && {
        draws(variables, each, key) {
          const labels = Int32Array.from({ length: classes * each }, (_, i) => Math.floor(i / each));
          const codes = made.sample(nestedWeights(variables, priorReads, made), labels, key);
          return { ...variables, ...pick(codes, names) };
        },
      }),
      plain: false,
      async initial(how, key, reader, signal) {
        const opened: TrainedGenerator = how.trained
          ? await how.trained(generatorAsked(chosen))
          : { ...hostedGenerator(made, made.init(key.fold("generator"))), quality: undefined };
        try {
          refusePoor(opened, chosen, facts.name);
          const codes = await startCodes(opened, how, key, { reader, ipc, chosen, signal });
          return { ...pick(codes, names), ...flatWeights(readLayers(opened.params, [...reads, ...held])) };
        } finally {
          opened.dispose();
        }
      },
      decode(variables) {
        const [groups, each] = variables[names[0]!]!.shape as [number, number];
        const codes = Object.fromEntries(
          names.map((name) => [name, variables[name]!.reshape([groups * each, ...variables[name]!.shape.slice(2)])]),
        );
        for (const unread of namesOf(held)) variables[unread]?.dispose();
        return made.decode(nestedWeights(variables, reads, made), codes, layer).reshape([groups, each, ...made.output]);
      },
      ...stagedOf(made, layer),
      settle(variables) {
        if (bound === 0) return variables;
        const cut = (name: string) => variables[name]!.map((v) => Math.max(-bound, Math.min(bound, v)));
        return {
          ...variables,
          ...Object.fromEntries(names.filter((n) => learned.includes(n)).map((n) => [n, cut(n)])),
        };
      },
    };
    return space;
  },
});

/** The generator's stages as those of the space, where it has any. */
function stagedOf(made: Generator, layer: number): Pick<DataSpace, "staged"> {
  const stages = made.stages?.(layer);
  if (!stages || stages.steps.length < 2) return {};
  const { begin, step, end } = stages;
  const weights = (layers: readonly string[]) =>
    layers.flatMap((own) => Object.keys(made.shapes[own]!).map((name) => weightName(own, name)));
  const codesOf = (variables: TracedVariables, parts: readonly string[]) =>
    Object.fromEntries(
      parts.map((part) => {
        const [groups, each, ...shape] = variables[part]!.shape as [number, number, ...number[]];
        return [part, variables[part]!.reshape([groups * each, ...shape])];
      }),
    );
  return {
    staged: {
      steps: stages.steps.map((numbers) =>
        Object.fromEntries(Object.entries(numbers).map(([name, own]) => [name, tensor([...own], [own.length])])),
      ),
      reads: {
        begin: begin.parts,
        step: [...step.parts, ...weights(step.layers)],
        end: weights(end.layers),
      },
      begin: (variables) => begin.run(codesOf(variables, begin.parts)),
      step: (variables, state, numbers) =>
        step.run(nestedWeights(variables, step.layers, made), codesOf(variables, step.parts), state, numbers),
      end: (variables, state, groups) =>
        end.run(nestedWeights(variables, end.layers, made), state).reshape([groups, -1, ...made.output]),
    },
  };
}

/** Tells whether a parameter of a layer moves with S. */
type Moves = (layer: Generator["shapes"][string], name: string) => boolean;

/** The parameters that move, by the option `weights`; a table of classes is a layer of weights without biases. */
const moving: Readonly<Record<LatentOptions["weights"], Moves>> = {
  frozen: () => false,
  learned: () => true,
  biases: (layer, name) => layer[name]!.shape.length === 1 || Object.keys(layer).length === 1,
};

const weightName = (layer: string, name: string) => `generator.${layer}.${name}`;

const pick = (codes: Codes, names: readonly string[]): Codes =>
  Object.fromEntries(names.map((name) => [name, codes[name]!]));

const flatWeights = (params: Params): Variables =>
  Object.fromEntries(
    Object.entries(params).flatMap(([layer, own]) =>
      Object.entries(own).map(([name, value]) => [weightName(layer, name), value]),
    ),
  );

const nestedWeights = <T>(
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

/** The parts of a code of the layer that are learned. @throws AttarError "bad-combination" */
function learnedParts({ layer, part, generator, draw }: LatentOptions, made: Generator): readonly string[] {
  if (draw > 0) return [];
  const there = Object.keys(made.parts(layer));
  if (layer > 0) return there;
  if (part === "none") return [];
  const wanted = part.split("+");
  const missing = wanted.find((name) => !there.includes(name));
  if (missing === undefined) return wanted;
  throw new AttarError(
    "bad-combination",
    `a code of ${generator} has no part "${missing}", it has ${there.join(", ")}`,
    `--set synthetic.part=${there[0]}`,
  );
}

/** @throws AttarError "bad-combination" where codes are drawn anew of a layer without a prior, or with nothing beside them that is learned */
function refuseStill({ draw, layer, weights, generator }: LatentOptions, made: Generator): void {
  if (draw === 0) return;
  if (layer > 0)
    throw new AttarError(
      "bad-combination",
      `codes of layer ${layer} of ${generator} have no prior that they could be drawn from`,
      "--set synthetic.layer=0",
    );
  if (weights === "frozen" || made.reads(0).length === 0)
    throw new AttarError(
      "bad-combination",
      `every step draws other codes of ${generator}, and its weights do not move either`,
      made.reads(0).length === 0
        ? "--set synthetic.draw=0"
        : "--set synthetic.weights=learned, or --set synthetic.draw=0",
    );
}

/** The layers of parameters that drawing codes reads. */
const priorLayers = ({ drawsFrom, shapes }: Generator): readonly string[] =>
  drawsFrom ?? (shapes.prior ? ["prior"] : []);

/** The layers of parameters that encode images, and that a denoising loss reads. @throws AttarError "bad-combination" */
function encoderLayers({ encoder, denoising, spec }: Generator): readonly string[] {
  if (encoder) return [...new Set([...encoder.reads, ...(denoising?.reads ?? [])])];
  throw new AttarError(
    "bad-combination",
    `the generator ${spec.name} has no encoder whose layers could be kept`,
    "--set synthetic.encoder=false",
  );
}

/** Floats of the layers that decode codes of a layer. */
const decoderFloats = (made: Generator, layer: number): number =>
  made
    .reads(layer)
    .flatMap((name) => Object.values(made.shapes[name]!))
    .reduce((sum, { shape }) => sum + size(shape), 0);

/** A ground of which only the sizes are known: codes and weights do not depend on the rest. */
function sizeGround({ name, domain, classes, whitened }: SpaceGround) {
  const shape = arrayShape(domain);
  const none = new Float32Array();
  const normalisation: Normalisation = {
    scale: 1,
    mean: new Array<number>(shape[0]).fill(0),
    std: new Array<number>(shape[0]).fill(1),
    ...(whitened && { zca: { dimension: 0, mean: none, whiten: none, unwhiten: none } }),
  };
  return { name, shape, kind: domain.kind, classes: classes.length, normalisation };
}

/** @throws AttarError "poor-generator" (exit code 2) where too few samples are of the class asked for: S would start in wrong classes */
function refusePoor({ quality, generator }: TrainedGenerator, { fidelity, steps }: LatentOptions, name: string): void {
  if (!quality || steps === 0 || quality.fidelity >= fidelity) return;
  throw new AttarError(
    "poor-generator",
    `of the samples of ${generator.spec.name} on ${name} ${(100 * quality.fidelity).toFixed(1)} % are of the class that was asked for, fewer than ${100 * fidelity} %`,
    `train it longer, --set synthetic.steps=${4 * steps}, or take it as it is, --set synthetic.fidelity=0`,
  );
}

interface Start {
  readonly reader: RealReader;
  readonly ipc: number;
  readonly chosen: LatentOptions;
  readonly signal: AbortSignal | undefined;
}

/**
 * Codes of a layer of every class's images, class-major: drawn from the prior, centres of a clustering of codes, or those of the images of an
 * initialisation. A stand-in for a generator that is not trained yet has no images to be near to.
 */
async function startCodes(opened: TrainedGenerator, how: ChosenRule, key: RandomKey, start: Start): Promise<Codes> {
  const { reader, ipc, chosen, signal } = start;
  const { layer, inversion: steps, inversionRate: rate } = chosen;
  const { facts } = reader;
  const labels = Int32Array.from({ length: facts.classes.length * ipc }, (_, i) => Math.floor(i / ipc));
  const sought = !opened.generator.encoder;
  if (how.name === "noise" || (sought && opened.standsIn)) return opened.advance(opened.sample(labels, key), layer);
  if (!sought && clustersCodes(how)) return codeCentres(opened, key, { reader, ipc, layer, signal });
  const initial = await initialiseImages(reader, ipc, how, key, signal);
  const images = new Tensor(initial, [labels.length, ...facts.shape], "float32");
  if (!sought) return opened.encode(images, labels, layer, key.fold("codes"));
  const found = inverted(opened, images, labels, key.fold("inversion"), { steps, rate, ...(signal && { signal }) });
  return opened.advance(await found, layer);
}
