import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { encodeCodes, parseCodes } from "../artefacts/codeFile.ts";
import { type GeneratorOrder, generator as generatorKind, type OpenedGenerator } from "../artefacts/index.ts";
import {
  type GeneratorEntry,
  importGeneratorToFolder,
  scanGenerators,
  trainGeneratorToFolder,
} from "../artefacts/node/generators.node.ts";
import { encodeNpy } from "../data/formats/npy.ts";
import { type Dataset, namePart } from "../data/index.ts";
import { readBytes } from "../data/node/readBytes.node.ts";
import { writeAtomic } from "../data/node/writeAtomic.node.ts";
import { writeGrid } from "../data/node/writePictures.node.ts";
import { samplesOf } from "../data/samples.ts";
import { AttarError } from "../engine/errors.ts";
import { type OptionValues, randomKey, size, type Tensor } from "../engine/index.ts";
import {
  brought,
  generatorGround,
  generatorSpec,
  generatorText,
  type ImportedGenerator,
  isImported,
  readImported,
  recipeOf,
} from "../generators/index.ts";
import { type DatasetFlags, logGuesses, readOptionsOf } from "./datasetOptions.ts";
import { decimalNumber } from "./decimalNumber.ts";
import { generatorFolder, specOfIdentity } from "./generatorFolder.ts";
import { interruptible } from "./interruptible.ts";
import { readJsonObject } from "./jsonFile.ts";
import { loadDataset } from "./loadDataset.ts";
import { figure } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, table } from "./output.ts";
import { refuseOtherCodes, refuseOtherDecoded } from "./ownOutput.ts";
import { Progress } from "./progress.ts";
import { wholeNumber } from "./wholeNumber.ts";

export interface GeneratorsFlags extends OutputOptions, DatasetFlags {
  kind: string;
  from?: string;
  import?: string;
  family?: string;
  config?: string;
  unjudged?: boolean;
  steps?: number;
  samples: number;
  seed: number;
  set: string[];
  out?: string;
  list?: boolean;
  draw?: string;
  encode?: string;
  decode?: string;
  to?: string;
}

/** Rows of pictures beside a generator: images of a class at most. */
const shown = 10;

/** `attar generators <dataset>`: trains what is missing and shows it, or lists those that are there. */
export async function generatorsCommand(name: string, given: GeneratorsFlags): Promise<void> {
  const { flags, imported } = await importedIn(given);
  if (flags.list) return listed(name, flags);
  if ((flags.decode === undefined) !== (flags.to === undefined))
    throw new AttarError(
      "bad-option",
      "--decode needs --to, the file that images go to, and --to a file of codes",
      "for example --decode codes.safetensors --to images.npy",
    );
  for (const path of [flags.draw, flags.encode]) if (path !== undefined) await refuseOtherCodes(path);
  if (flags.to !== undefined) await refuseOtherDecoded(flags.to);
  const asked = orderOf(flags);
  const folder = flags.out ?? folderOf(name, asked);
  const dataset = await loadDataset(name, readOptionsOf(flags), flags);
  const order = withDomain(asked, dataset, flags);
  logGuesses(dataset, flags);
  await interruptible("stopping after this step", flags, async (signal) => {
    const progress = new Progress(flags);
    const options = {
      signal,
      onWait: (note: string) => log(note, flags),
      onDamaged: (_path: string, error: AttarError) => log(`${error.message}; it is made again`, flags),
    };
    const trained = () =>
      trainGeneratorToFolder(dataset, order, folder, {
        ...options,
        onStep: (step, steps, loss) => progress.show(step, steps, `loss ${figure(loss, 4)}`),
      }).finally(() => progress.end());
    const made = await (imported
      ? importGeneratorToFolder(dataset, imported, basename(flags.import ?? ""), folder, {
          ...options,
          isJudged: !flags.unjudged,
        })
      : trained());
    try {
      const written = {
        ...(await pictured(made, dataset, folder, flags)),
        ...(await coded(made, dataset, order, flags)),
      };
      const { generators } = await scanGenerators(folder);
      if (flags.json) return printJson({ folder, generators: generators.map(summary), ...written });
      log(folder, flags);
      print(table(rows(generators)));
      for (const [what, path] of Object.entries(written)) log(`${what}: ${path}`, flags);
      if (imported)
        log(`in a run: --set synthetic=latent --set synthetic.generator=${generatorText(order.spec)}`, flags);
    } finally {
      made.dispose();
    }
  });
}

/** The order that a command's options describe. @throws AttarError "unknown-generator", "unknown-option", "invalid-option" */
function orderOf({ kind, from, steps, seed, set }: GeneratorsFlags): GeneratorOrder {
  const options: Record<string, string> = Object.create(null);
  let recipe = { ...recipeOf(kind), ...(steps !== undefined && { steps }) };
  for (const text of set) {
    const [path = "", value] = text.split(/=(.*)/s);
    if (value === undefined || value === "")
      throw new AttarError("bad-option", `--set ${text} gives no value`, "for example --set z=8");
    if (path === "batch") recipe = { ...recipe, batch: wholeNumber("--set batch", 1)(value) };
    else if (path === "rate") recipe = { ...recipe, learningRate: decimalNumber("--set rate", "0.001")(value) };
    else options[path] = value;
  }
  if (from !== undefined) options.domain = from;
  return { spec: generatorSpec({ name: kind, options: options as OptionValues }), recipe, seed };
}

/** Images of the domain that codes are drawn from, at most. */
const mostOfDomain = 5000;

/** The order with the images of another data set, read once they are needed, where the kind's codes are such. */
function withDomain(order: GeneratorOrder, dataset: Dataset, flags: GeneratorsFlags): GeneratorOrder {
  const { domain } = order.spec.options;
  if (typeof domain !== "string") return order;
  return {
    ...order,
    async domain() {
      const other = await loadDataset(domain, {}, flags);
      const { images } = await samplesOf(other, "train");
      const key = randomKey(order.seed).fold("domain");
      const rows = key.permutation(images.shape[0]!, Math.min(mostOfDomain, images.shape[0]!));
      return brought(images.take(rows), generatorGround(other), generatorGround(dataset));
    },
  };
}

/** The weights of `--import`, and the options with the kind and the settings that they give. */
async function importedIn(flags: GeneratorsFlags): Promise<{ flags: GeneratorsFlags; imported?: ImportedGenerator }> {
  const { import: path, family, config, set } = flags;
  if (path === undefined && family === undefined && config === undefined) return { flags };
  if (path === undefined || family === undefined)
    throw new AttarError(
      "bad-option",
      "--import needs --family, what a file's tensors are called by, and --family and --config need --import",
      "for example --import weights.safetensors --family dcgan",
    );
  const told = Object.fromEntries(set.map((text) => text.split(/=(.*)/s).slice(0, 2)));
  const words = {
    code: "bad-option",
    noun: "file",
    takes: "--config config.json",
    form: "--config takes a JSON object",
  };
  const known = config === undefined ? {} : { ...readJsonObject(config, words) };
  const imported = await readImported(await readBytes(path), path, family, known, told);
  const options = Object.entries(imported.spec.options).map(([option, value]) => `${option}=${value}`);
  return { flags: { ...flags, kind: family, set: options }, imported };
}

const folderOf = (name: string, { spec, recipe: { steps }, seed }: GeneratorOrder) =>
  generatorFolder(name, { spec, ...(isImported(spec.name) ? { steps: 0, seed: 0 } : { steps, seed }) });

/** Pictures of samples, and of held-out images above their reconstructions, a row a class. */
async function pictured(made: OpenedGenerator, dataset: Dataset, folder: string, { samples, seed }: GeneratorsFlags) {
  const key = randomKey(seed).fold("pictures");
  const labels = inTurn(samples, dataset.classes.length);
  const images = await made.decode(made.sample(labels, key.fold("samples")));
  const written = { samples: await writeGrid(join(folder, "samples.png"), shownSet(dataset, images, labels)) };
  if (!made.generator.encoder) return written;
  const split = dataset.test.labels.length > 0 ? "test" : "train";
  const all = await samplesOf(dataset, split);
  const chosen = ofEveryClass(all.labels, dataset.classes.length, Math.ceil(shown / 2));
  const real = { images: all.images.take(chosen), labels: Int32Array.from(chosen, (i) => all.labels[i]!) };
  const again = await made.decode(await made.encode(real.images, real.labels));
  const each = size(dataset.shape);
  const pairs = new Float32Array(2 * chosen.length * each);
  const own = new Int32Array(2 * chosen.length);
  for (const [i, label] of real.labels.entries())
    for (const [k, of] of [real.images, again].entries()) {
      pairs.set(of.data.subarray(i * each, (i + 1) * each) as Float32Array, (2 * i + k) * each);
      own[2 * i + k] = label;
    }
  const set = { images: pairs, shape: dataset.shape, labels: own, normalisation: dataset.normalisation };
  return { ...written, reconstructions: await writeGrid(join(folder, "reconstructions.png"), set) };
}

/** Writes the codes and images that were asked for. */
async function coded(made: OpenedGenerator, dataset: Dataset, order: GeneratorOrder, flags: GeneratorsFlags) {
  const { draw, encode, decode, to, samples, seed } = flags;
  const { identity } = generatorKind.spec(dataset, order);
  const written: Record<string, string> = {};
  if (draw !== undefined) {
    const labels = inTurn(samples, dataset.classes.length);
    const codes = made.sample(labels, randomKey(seed).fold("codes"));
    await writeAtomic(draw, await encodeCodes({ codes, labels }, identity));
    written.drawn = draw;
  }
  if (encode !== undefined) {
    if (!made.generator.encoder)
      throw new AttarError(
        "bad-option",
        `${order.spec.name} has no encoder`,
        "leave --encode out, or choose another kind",
      );
    const split = dataset.test.labels.length > 0 ? "test" : "train";
    const { images, labels } = await samplesOf(dataset, split);
    await writeAtomic(encode, await encodeCodes({ codes: await made.encode(images, labels), labels }, identity));
    written.encoded = encode;
  }
  if (decode !== undefined && to !== undefined) {
    const { codes, labels } = await parseCodes(await readBytes(decode), made.generator, identity, decode);
    const images = await made.decode(codes);
    if (to.endsWith(".png")) await writeGrid(to, shownSet(dataset, images, labels));
    else await writeAtomic(to, encodeNpy({ shape: [...images.shape], data: images.data as Float32Array }));
    written.decoded = to;
  }
  return written;
}

const shownSet = ({ shape, normalisation }: Dataset, images: Tensor, labels: Int32Array) => ({
  images: images.data as Float32Array,
  shape,
  labels,
  normalisation,
});

const inTurn = (count: number, classes: number) => Int32Array.from({ length: count }, (_, i) => i % classes);

/** Positions of the first samples of every class. */
function ofEveryClass(labels: Int32Array, classes: number, each: number): number[] {
  return Array.from({ length: classes }, (_, c) => c).flatMap((c) => {
    const own: number[] = [];
    for (let i = 0; i < labels.length && own.length < each; i++) if (labels[i] === c) own.push(i);
    return own;
  });
}

/** `--list`: the generators of a folder, or all of a dataset. */
async function listed(name: string, flags: GeneratorsFlags): Promise<void> {
  const root = dirname(folderOf(name, orderOf({ ...flags, set: [] })));
  const prefix = `${namePart(name)}-`;
  const names = flags.out ? [] : (await readdir(root).catch(() => [] as string[])).filter((n) => n.startsWith(prefix));
  const found: GeneratorEntry[] = [];
  for (const folder of flags.out ? [flags.out] : names.sort().map((n) => join(root, n))) {
    const { generators, damaged } = await scanGenerators(folder);
    found.push(...generators);
    for (const { error } of damaged) log(`${error.message}; without --list it is trained again`, flags);
  }
  if (flags.json) return printJson({ generators: found.map(summary) });
  if (found.length === 0)
    throw new AttarError(
      "absent-file",
      `there are no generators of ${name} in ${flags.out ?? root}`,
      "the same command without --list trains one",
    );
  print(table(rows(found)));
}

const percent = (share: number | undefined) => (share === undefined ? "-" : `${(100 * share).toFixed(1)} %`);

function rows(found: readonly GeneratorEntry[]): string[][] {
  const head = ["generator", "steps", "seed", "class fidelity", "Fréchet (real)", "precision, recall"];
  return [
    [...head, "trained on samples (real)", "reconstructions", "nearest train", "where"],
    ...found.map(({ path, identity, quality: q }) => [
      generatorText(specOfIdentity(identity)),
      String(identity.recipe.steps),
      String(identity.seed),
      percent(q?.fidelity),
      q ? `${figure(q.frechet, 3)} (${figure(q.frechetOfReal, 3)})` : "-",
      q ? `${q.precision.toFixed(2)}, ${q.recall.toFixed(2)}` : "-",
      q ? `${percent(q.trainedOnSamples)} (${percent(q.trainedOnReal)})` : "-",
      percent(q?.reconstructionAccuracy),
      q ? figure(q.memorisation, 3) : "-",
      path,
    ]),
  ];
}

const summary = ({ path, identity, quality, by }: GeneratorEntry) => ({
  path,
  generator: generatorText(specOfIdentity(identity)),
  ...identity.recipe,
  seed: identity.seed,
  quality: quality ?? null,
  by,
});
