import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { AdviseFlags } from "./adviseCommand.ts";
import type { AuditFlags } from "./auditCommand.ts";
import { registerBenchmark } from "./benchmark/register.ts";
import type { CacheFlags } from "./cacheCommand.ts";
import type { CiteFlags } from "./citeCommand.ts";
import type { CondenseFlags } from "./condenseCommand.ts";
import { type DatasetFlags, withDatasetOptions } from "./datasetOptions.ts";
import { decimalNumber } from "./decimalNumber.ts";
import type { EvaluateFlags } from "./evaluateCommand.ts";
import type { ExpertsFlags } from "./expertsCommand.ts";
import type { ExportFlags } from "./exportCommand.ts";
import type { GeneratorsFlags } from "./generatorsCommand.ts";
import type { MeasureFlags } from "./measureCommand.ts";
import type { MethodsFlags } from "./methodsCommand.ts";
import type { OutputOptions } from "./output.ts";
import type { EpsilonFlags, SigmaFlags } from "./privacyCommand.ts";
import { points, share } from "./share.ts";
import type { SketchFlags } from "./sketchCommand.ts";
import type { StudioFlags } from "./studioCommand.ts";
import { timeSpan } from "./timeSpan.ts";
import type { TrainFlags } from "./trainCommand.ts";
import { wholeNumber } from "./wholeNumber.ts";

type Device = { device?: string; threads?: number };
type Plugins = { plugin?: readonly string[] };

const version = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version as string;
const collect = (value: string, all: string[]) => [...all, value];

const methodColumns = `
What the words mean:
  discrepancy     how synthetic and real data are compared
  matchingSpace   what is compared: gradients, embeddings, outputs, parameters
  optimizedSpace  what is learned: pixels, or what pixels are made of
  hypotheses      the networks it looks through, and how they come about
  tricks          what else it does
  laptop, paper   rows of hyperparameters by dataset, shape, classes and ipc: ours, its authors'
  departs         where it is not what its authors did`;

/** Errors are thrown, and printed in one place; help goes where commander sends it. */
const quiet = (command: Command) =>
  command
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => {} });

const example = (command: Command, ...lines: string[]) =>
  command.addHelpText("after", `\nExample:\n${lines.map((line) => `  $ ${line}`).join("\n")}`);

/** The command line. Each command loads what it needs when it is called, so that help and wrong options are instant. */
export const program = quiet(new Command("attar"))
  .description("Dataset condensation: a real dataset in, one a thousand times smaller out.")
  .version(version);
example(program, "attar condense mnist --ipc 10", "attar evaluate runs/mnist-dm-ipc10-seed0 --on mnist");

const add = (parent: Command, usage: string, description: string, ...examples: string[]) =>
  example(
    quiet(parent.command(usage))
      .description(description)
      .option("--json", "machine-readable output on stdout")
      .option("--quiet", "no progress and no log"),
    ...examples,
  );

/** The option by which a command takes parts of a person's own. */
const pluginOption: [string, string, typeof collect, string[]] = [
  "--plugin <file>",
  "parts of your own, a JavaScript module; repeatable",
  collect,
  [],
];

withDatasetOptions(
  add(
    program,
    "condense [dataset]",
    "condense a dataset, by name or path, or a sketch into a run folder",
    "attar condense mnist --method dm --ipc 10 --steps 300 --out runs/mnist",
  ),
)
  .option(
    "--method <name>",
    "see attar methods, or a .json file of a record (default dm; of few images with --for m3d)",
  )
  .option("--ipc <n>", "images per class (default 10)", wholeNumber("--ipc", 1))
  .option("--out <dir>", "run folder (default runs/<dataset>-<method>-ipc<n>-seed<n>)")
  .option("--preset <name>", "laptop (default) or paper")
  .option("--steps <n>", "updates of the synthetic set (default: the preset's)", wholeNumber("--steps", 1))
  .option("--start <run>", "start from the images of a condensed set, a run or its file; its classes go by their names")
  .option("--from <sketch>", "condense from noised sums that attar sketch wrote, in place of a dataset")
  .option("--for <span>", "choose steps, real batch and classes a step for so much time, e.g. 10m", timeSpan("--for"))
  .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
  .option("--net <network>", "hypotheses, e.g. convnet:width=64 (default convnet, for tables mlp)")
  .option(...pluginOption)
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .option("--config <file>", "settings as JSON; see attar schema")
  .option("--set <path=value>", "one setting; repeatable", collect, [])
  .option("--resume", "continue an unfinished run")
  .option("--force", "discard an earlier run in the folder")
  .option("--dry-run", "print the resolved configuration, the artefacts it needs and its cost, then stop")
  .option("--offline", "train no artefact that is missing, and say which is")
  .action(async (dataset: string | undefined, flags: CondenseFlags & Device & Plugins) => {
    await prepare(flags);
    const plugins = await extend(flags);
    await (await import("./condenseCommand.ts")).condenseCommand(dataset, flags, plugins);
  });

withDatasetOptions(
  add(
    program,
    "advise <dataset>",
    "try methods and sizes on held-out training data within a span of time, and say which command to type next",
    "attar advise mnist --for 10m",
    "attar advise frame.csv --label species --methods dm --ipc 1,5,10 --for 1m",
  ),
)
  .option("--for <span>", "time for all of it, scoring included (default 5m)", timeSpan("--for"))
  .option("--methods <list>", "methods joined by commas, beside random and kmeans (default: a few for such samples)")
  .option("--ipc <list>", "images per class, joined by commas (default 1,10,50 as far as the smallest class goes)")
  .option("--net <network>", "scores sets, and methods look through it (default convnet, for tables mlp)")
  .option("--epochs <n>", "epochs on each set (default: as the time allows)", wholeNumber("--epochs", 1))
  .option("--repeats <n>", "networks a set (default 3, or 2)", wholeNumber("--repeats", 1))
  .option("--margin <points>", "points that the smallest set may be below the best (default 2)", points("--margin"))
  .option(
    "--validation-share <share>",
    "share of every training class to score on, at most 2,000 samples (default 0.2)",
    share("--validation-share"),
  )
  .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
  .option("--out <dir>", "folder of advice.json and advice.svg (default runs/advice/<dataset>-seed<n>)")
  .option("--force", "discard an earlier advice in the folder")
  .option(...pluginOption)
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (dataset: string, flags: AdviseFlags & Device & Plugins) => {
    await prepare(flags);
    const plugins = await extend(flags);
    await (await import("./adviseCommand.ts")).adviseCommand(dataset, flags, plugins);
  });

withDatasetOptions(
  add(
    program,
    "evaluate <subject>",
    "train fresh networks on a run, its .safetensors or exported .npz file, or a coreset (random, herding, kcenter, kmeans, mfc, full)",
    "attar evaluate runs/mnist --on mnist --repeats 5",
    "attar evaluate runs/mnist --on mnist --readings worst-class,calibration:bins=15",
    "attar evaluate runs/mnist --on mnist --attack apgd-ce:linf,0.05,0.1",
    "attar evaluate runs/mnist-dim-ipc10-seed0 --on mnist --protocol fresh",
  ),
)
  .option("--on <dataset>", "dataset whose test split scores them")
  .option("--ipc <n>", "images per class of a coreset (default 10)", wholeNumber("--ipc", 1))
  .option("--nets <list>", "networks joined by commas, e.g. convnet:width=64,mlp (default convnet, for tables mlp)")
  .option(
    "--readings <list>",
    "beside accuracy: worst-class, calibration (or calibration:bins=10), adaptive-calibration, temperature, loss, corruption, certified, training-multiply-adds (default accuracy; of numbers r2 and rmse)",
  )
  .option(
    "--attack <attack>",
    "accuracy under an attack, norm and radius: pgd:linf,8/255; fgsm, bim, pgd, apgd-ce, apgd-dlr, apgd-t, cw, deepfool, fab-t, square, autoattack, joined by + for the worst of several; again for more",
    (attack: string, before: string[] = []) => [...before, attack],
  )
  .option(
    "--adversarial <attack>",
    "train adversarially: norm, radius and steps, e.g. linf,8/255,steps=3; gaussian,0.25 for noise",
  )
  .option(
    "--protocol <name>",
    "what networks train on: bank, the set's images; fresh, new codes of its generator every epoch; styles, a hallucinator drawn for each base (styles:standardised=true as the authors); teacher, labels of a network trained on the dataset (default bank)",
  )
  .option("--attack-plot <file>", "an SVG of accuracy against the radius, of attacks in one norm")
  .option("--attack-images <n>", "test images that are attacked (default 500)", wholeNumber("--attack-images", 1))
  .option("--repeats <n>", "networks per architecture (default 5)", wholeNumber("--repeats", 1))
  .option("--epochs <n>", "epochs (default 1000 augmented, 300 otherwise)", wholeNumber("--epochs", 1))
  .option(
    "--augmentation <strategy>",
    "operators joined by _, a scheme of them, or none (default what the set was made for)",
  )
  .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
  .option("--baselines <list>", "coresets beside it, full, or none (default random,herding)")
  .option(
    "--any-contrast",
    "score on pictures far darker, brighter, paler or starker than those the set was made from, too",
  )
  .option(
    "--continual <tasks>",
    "classes come in tasks, so many each (2) or as listed (5+6,1+2), and the set is the memory",
  )
  .option("--search", "rank 24 ConvNets, or --nets, trained on it against the same trained on the full data")
  .option("--full-epochs <n>", "epochs on the full data (default --epochs, or 20)", wholeNumber("--full-epochs", 1))
  .option("--resume", "do not train again what was scored before an interruption")
  .option(...pluginOption)
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (subject: string, flags: EvaluateFlags & Device & Plugins) => {
    await prepare(flags);
    await extend(flags);
    await (await import("./evaluateCommand.ts")).evaluateCommand(subject, flags);
  });

withDatasetOptions(
  add(
    program,
    "audit <subject>",
    "attack membership: condense many halves of a dataset as a run or a method does, and guess which samples were in one",
    "attar audit dp-dm --on digits --ipc 10 --net convnet:width=16 --shadows 16",
    "attar audit runs/mnist-dm-ipc10-seed0 --on mnist --pool 4000 --for 30m --plot roc.svg",
  ),
)
  .option("--on <dataset>", "dataset whose training split is halved")
  .option(
    "--attack <list>",
    "attacks joined by commas, e.g. lira,shokri,distance; docs/privacy.md has all of them (default all)",
  )
  .option("--shadows <n>", "models: halves that are condensed, 4 at least (default 16)", wholeNumber("--shadows", 4))
  .option(
    "--pool <n>",
    "training samples that are asked about, drawn at random (default all)",
    wholeNumber("--pool", 1),
  )
  .option("--canaries <n>", "samples with a wrong label, asked about alone (default 0)", wholeNumber("--canaries"))
  .option("--controls <list>", "beside it: random, full, equal (in accuracy), or none (default random)")
  .option("--ipc <n>", "images per class (default 10)", wholeNumber("--ipc", 1))
  .option("--preset <name>", "laptop (default) or paper")
  .option("--steps <n>", "updates of every set (default: the preset's)", wholeNumber("--steps", 1))
  .option("--net <network>", "trained on sets, and methods look through it (default convnet, for tables mlp)")
  .option("--repeats <n>", "networks a set (default 1)", wholeNumber("--repeats", 1))
  .option("--epochs <n>", "epochs (default 1000 augmented, 300 otherwise)", wholeNumber("--epochs", 1))
  .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
  .option("--set <path=value>", "one setting of the condensation; repeatable", collect, [])
  .option("--for <span>", "choose the number of models for so much time, e.g. 10m", timeSpan("--for"))
  .option("--out <dir>", "folder of the models (default runs/audit)")
  .option("--plot <file.svg>", "draw the curves, axes logarithmic")
  .option("--resume", "do not make models again that are there")
  .option("--dry-run", "say how many models there would be and how long they take, then stop")
  .option(...pluginOption)
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (subject: string, flags: AuditFlags & Device & Plugins) => {
    await prepare(flags);
    const plugins = await extend(flags);
    await (await import("./auditCommand.ts")).auditCommand(subject, flags, plugins);
  });

withDatasetOptions(
  add(
    program,
    "train <subject>",
    "train one network on a run, its .safetensors or exported .npz file, or a coreset, and write it as an ONNX file",
    "attar train runs/mnist --on mnist --to mnist.onnx",
  ),
)
  .option("--on <dataset>", "dataset whose test split scores it")
  .option("--to <file>", "the .onnx file to write; normalisation is inside")
  .option("--ipc <n>", "images per class of a coreset (default 10)", wholeNumber("--ipc", 1))
  .option("--net <network>", "e.g. convnet:width=64 (default convnet, for tables mlp)")
  .option("--epochs <n>", "epochs (default 1000 augmented, 300 otherwise)", wholeNumber("--epochs", 1))
  .option(
    "--augmentation <strategy>",
    "operators joined by _, a scheme of them, or none (default what the set was made for)",
  )
  .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
  .option(...pluginOption)
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (subject: string, flags: TrainFlags & Device & Plugins) => {
    await prepare(flags);
    await extend(flags);
    await (await import("./trainCommand.ts")).trainCommand(subject, flags);
  });

withDatasetOptions(
  add(
    program,
    "measure [A] [B]",
    "distances between two sets: names, parts of them, runs, files, coresets",
    "attar measure mnist:train mnist:test",
    "attar measure mnist:train[0:30000] runs/mnist --discrepancy mmd,wasserstein --per-class",
    "attar measure mnist random:10 --encoder pca:50 --plot distances.svg",
  ),
)
  .option("--discrepancy <list>", "all, or names joined by commas; see --list", "all")
  .option("--per-class", "also class by class")
  .option("--by-position", "take the first class of either as the same, and so on")
  .option("--encoder <encoder>", "pixels, pca:50, network:random, network:trained, autoencoder:32, or a file")
  .option("--save-encoder <file>", "keep the encoder, for codes of it")
  .option("--space <name>", "where images meet codes: latent (default) or input")
  .option("--set <name.option=value>", "one option of a discrepancy; repeatable", collect, [])
  .option("--net <network>", "hypotheses and network encoders, e.g. convnet:width=64 (default convnet)")
  .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
  .option("--references", "beside A against another sample of A, and against noise")
  .option("--plot <file.svg>", "draw it, with the references")
  .option("--list", "the discrepancies there are, and their options")
  .option("--markdown", "--list as a Markdown table")
  .option(...pluginOption)
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (a: string | undefined, b: string | undefined, flags: MeasureFlags & Device & Plugins) => {
    await prepare(flags);
    await extend(flags);
    await (await import("./measureCommand.ts")).measureCommand(a, b, flags);
  });

withDatasetOptions(
  add(
    program,
    "experts <dataset>",
    "train expert trajectories, for methods that match parameters; the same command continues",
    "attar experts mnist --net convnet:width=32 --count 10 --epochs 20",
    "attar experts mnist --net convnet:width=32 --list",
  ),
  false,
)
  .option("--net <network>", "the experts' network", "convnet")
  .option("--count <n>", "experts there shall be", wholeNumber("--count", 1), 20)
  .option("--epochs <n>", "epochs, a state kept after each (default 50)", wholeNumber("--epochs", 1))
  .option(
    "--images <n|HxWxC>",
    "training images drawn at random for all experts (default all), or the size of the pictures in rows of numbers",
    (value: string, all: string[] | undefined) => collect(value, all ?? []),
  )
  .option("--augmentation <strategy>", "operators joined by _, or none (default the field's for the dataset)")
  .option("--adversarial <attack>", "train them adversarially: norm, radius and steps, e.g. linf,8/255,steps=3")
  .option("--seed <n>", "root of all randomness", wholeNumber("--seed"), 0)
  .option("--out <dir>", "folder (default runs/experts/<dataset>-<net>-seed<n>)")
  .option("--list", "list the experts that are there, train none")
  .option(...pluginOption)
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (dataset: string, flags: ExpertsFlags & Device & Plugins) => {
    await prepare(flags);
    await extend(flags);
    await (await import("./expertsCommand.ts")).expertsCommand(dataset, flags);
  });

withDatasetOptions(
  add(
    program,
    "generators <dataset>",
    "train a generator of a dataset, judge it and picture its samples; the same command continues",
    "attar generators mnist --kind cvae",
    "attar generators digits --kind vq-vae --steps 2000 --set entries=32",
    "attar generators digits --kind cgan --steps 500",
    "attar generators digits --kind cyclegan --from fashion-mnist",
    "attar generators mnist --import weights.safetensors --family dcgan",
    "attar generators mnist --list",
  ),
)
  .option(
    "--kind <name>",
    "cvae, vae, beta-vae, info-vae, vq-vae, gan, cgan, wgan, wgan-gp, style, cyclegan or singan",
    "cvae",
  )
  .option("--from <dataset>", "data set whose images are the codes of cyclegan (default fashion-mnist)")
  .option("--import <file>", "take weights trained elsewhere, a .safetensors; needs --family")
  .option("--family <name>", "what they are: dcgan, taesd, sd-vae, stylegan2, biggan or biggan-deep")
  .option("--unjudged", "keep what is imported without judging its samples, which takes long of large models")
  .option("--config <file>", "a JSON file of the arguments that their authors made the model with")
  .option(
    "--steps <n>",
    "steps of its training, 0 for random weights (default 5000, 3000 of GANs, 2000 of style)",
    wholeNumber("--steps", 0),
  )
  .option("--samples <n>", "samples in the picture, and codes that --draw draws", wholeNumber("--samples", 1), 64)
  .option("--set <option=value>", "an option of the kind, batch or rate; repeatable", collect, [])
  .option("--seed <n>", "root of all randomness", wholeNumber("--seed"), 0)
  .option("--out <dir>", "folder (default runs/generators/<dataset>-<kind>-steps<n>-seed<n>)")
  .option("--list", "list the generators that are there, train none")
  .option("--draw <file>", "write codes drawn from the prior, a .safetensors")
  .option("--encode <file>", "write the codes of the test split, a .safetensors")
  .option("--decode <file>", "decode a file of codes; needs --to")
  .option("--to <file>", "where decoded images go: a .npy in the training normalisation, or a .png")
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (dataset: string, flags: GeneratorsFlags & Device) => {
    await prepare(flags);
    await (await import("./generatorsCommand.ts")).generatorsCommand(dataset, flags);
  });

add(
  program,
  "artefacts",
  "networks and encoders that were trained once for all runs: what is kept, and where",
  "attar artefacts",
)
  .option("--list", "list them, as it does without")
  .action(async (flags: OutputOptions) => (await import("./artefactsCommand.ts")).artefactsCommand(flags));

add(
  program,
  "methods [name]",
  "methods there are, or all about one, listed or in a file",
  "attar methods",
  "attar methods dm",
  "attar methods dm --record > mine.json",
)
  .addHelpText("after", methodColumns)
  .option(...pluginOption)
  .option("--record", "its record as JSON, to start a method of your own from")
  .option("--table", "Table 4 of the paper and the methods that are its rows")
  .option("--markdown", "as a Markdown table")
  .action(async (name: string | undefined, flags: MethodsFlags & Plugins) => {
    await extend(flags);
    (await import("./methodsCommand.ts")).methodsCommand(name, flags);
  });

add(
  program,
  "cite [methods...]",
  "BibTeX of methods and of every part that they use",
  "attar cite dm",
  "attar cite idc mtt --on cifar-10 --preset paper > references.bib",
)
  .option("--on <dataset>", "a dataset known by name, whose settings are used (default those of your own images)")
  .option("--preset <name>", "laptop (default) or paper")
  .option("--ipc <n>", "images per class (default 10)", wholeNumber("--ipc", 1))
  .option(...pluginOption)
  .action(async (names: string[], flags: CiteFlags & Plugins) => {
    await extend(flags);
    await (await import("./citeCommand.ts")).citeCommand(names, flags);
  });

const data = quiet(program.command("data")).description("datasets: list, info, pull, cache");
example(data, "attar data list", "attar data info path/to/images");
data.addHelpText("after", "\nWhat is read, and how it is guessed: docs/data.md");
add(data, "list", "datasets known by name, and where they are", "attar data list").action(
  async (flags: OutputOptions) => (await import("./dataCommand.ts")).listCommand(flags),
);
add(
  data,
  "cache",
  "images kept decoded: what they take on the disk",
  "attar data cache --list",
  "attar data cache --clear",
)
  .option("--list", "each file, the one used last first")
  .option("--clear", "remove all of them; they are made again when they are needed")
  .action(async (flags: CacheFlags) => (await import("./cacheCommand.ts")).cacheCommand(flags));
withDatasetOptions(
  add(
    data,
    "info <dataset>",
    "what is there and how it was read: shape, classes, sizes, scale, guesses",
    "attar data info digits",
    "attar data info frame.csv --label species --drop id",
  ),
).action(async (name: string, flags: OutputOptions & DatasetFlags) =>
  (await import("./dataCommand.ts")).infoCommand(name, flags),
);
add(data, "pull <dataset>", "download and verify; resumes", "attar data pull fashion-mnist").action(
  async (name: string, flags: OutputOptions) => (await import("./dataCommand.ts")).pullCommand(name, flags),
);

add(
  program,
  "export <run>",
  "write a condensed set for other programs, with the recipe to train on it where the format holds one",
  "attar export runs/mnist --to huggingface --out mnist-in-100-images",
  "attar export runs/mnist --to pytorch --on mnist",
)
  .requiredOption(
    "--to <format>",
    "png, imagefolder, parquet, npz, csv, codes (what the images are decoded from), huggingface (a dataset repository) or pytorch",
  )
  .option("--out <dir>", "folder (default <run>-<format>)")
  .option("--net <network>", "network of the recipe, e.g. convnet:width=64 (default convnet, for tables mlp)")
  .option("--on <dataset>", "pytorch: the dataset whose test split goes along")
  .action(async (run: string, flags: ExportFlags) => (await import("./exportCommand.ts")).exportCommand(run, flags));

const benchmark = quiet(program.command("benchmark").alias("bench")).description(
  "systematic comparisons: a study of methods, datasets, sizes, seeds and networks, computed as far as it is missing",
);
example(benchmark, "attar benchmark run studies/smoke.json", "attar benchmark rows studies/smoke.json --to csv");
benchmark.addHelpText("after", "\nHow a study is written, run and read: docs/benchmark.md");
registerBenchmark(benchmark, add);

withDatasetOptions(
  add(
    program,
    "sketch <dataset>",
    "draw noised sums of a dataset, once; sets are condensed from them at no further cost",
    "attar sketch mnist --epsilon 1 --delta 1e-5 --out mnist.sketch",
    "attar condense --from mnist.sketch --ipc 10",
  ),
)
  .option("--method <name>", "a method of fresh networks that reads sums (default dp-dm)")
  .option("--epsilon <epsilon>", "ε to keep (default the method's)", decimalNumber("--epsilon", "1"))
  .option("--delta <delta>", "δ (default 1e-5, or one in ten times the samples)", decimalNumber("--delta", "1e-5"))
  .option("--releases <n>", "noised sums to draw (default the preset's)", wholeNumber("--releases", 1))
  .option("--ipc <n>", "images per class, by which the preset is chosen (default 10)", wholeNumber("--ipc", 1))
  .option("--seed <n>", "root of networks and augmentation, not of the noise (default 0)", wholeNumber("--seed"))
  .option("--net <network>", "hypotheses, e.g. convnet:width=64 (default the preset's)")
  .option("--set <path=value>", "one setting; repeatable", collect, [])
  .option("--out <file>", "the file to write")
  .option(...pluginOption)
  .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (dataset: string, flags: SketchFlags & Device & Plugins) => {
    await prepare(flags);
    const plugins = await extend(flags);
    await (await import("./sketchCommand.ts")).sketchCommand(dataset, flags, plugins);
  });

const privacy = add(
  program,
  "privacy [run]",
  "the privacy that a run keeps, its ε computed anew; and what noise costs",
  "attar privacy runs/mnist-dp-dm-ipc10-seed0",
  "attar privacy sigma --epsilon 1 --q 1000/60000 --steps 300 --delta 1e-5",
).action(async (run: string | undefined, flags: OutputOptions) =>
  (await import("./privacyCommand.ts")).privacyCommand(run, flags),
);
const withReleases = (command: Command) =>
  command
    .option(
      "--q <probability>",
      "of a sample to enter a release, e.g. 256/60000 (default 1: all do)",
      decimalNumber("--q", "0.01"),
    )
    .option("--steps <n>", "releases (default 1)", wholeNumber("--steps", 1))
    .option("--delta <delta>", "δ", decimalNumber("--delta", "1e-5"))
    .option("--relation <name>", "add-remove (default) or replace-one");
withReleases(
  add(
    privacy,
    "epsilon",
    "the ε that noised sums cost",
    "attar privacy epsilon --sigma 1.1 --q 256/60000 --steps 14063 --delta 1e-5",
  ),
)
  .option("--sigma <sigma>", "standard deviation of the noise over the clip", decimalNumber("--sigma", "1"))
  .option("--group <n>", "samples that may all be one person's", wholeNumber("--group", 1))
  .action(async (flags: EpsilonFlags, command: Command) =>
    (await import("./privacyCommand.ts")).epsilonCommand({ ...flags, ...command.optsWithGlobals() }),
  );
withReleases(
  add(
    privacy,
    "sigma",
    "the least noise that keeps an ε",
    "attar privacy sigma --epsilon 1 --q 1000/60000 --steps 300 --delta 1e-5",
  ),
)
  .option("--epsilon <epsilon>", "ε to keep", decimalNumber("--epsilon", "1"))
  .action(async (flags: SigmaFlags, command: Command) =>
    (await import("./privacyCommand.ts")).sigmaCommand({ ...flags, ...command.optsWithGlobals() }),
  );

add(
  program,
  "studio [dir]",
  "a page in which a dataset is condensed while one watches; run folders go to dir (default runs)",
  "attar studio",
)
  .option("--port <n>", "port on this machine (default any that is free)", wholeNumber("--port", 0, 65_535), 0)
  .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
  .action(async (dir: string | undefined, flags: StudioFlags) =>
    (await import("./studioCommand.ts")).studioCommand(dir ?? "runs", flags),
  );

add(
  program,
  "schema",
  "JSON Schema of --config files, of methods, or of studies, for editors",
  "attar schema > attar.schema.json",
  "attar schema --method > method.schema.json",
)
  .option(...pluginOption)
  .option("--method", "of a method's record, as --method mine.json takes it")
  .option("--study", "of a study, as attar benchmark takes it")
  .option("--parts", "no schema: every part there is on the four axes, with the schema of its options, as JSON")
  .option("--markdown", "as a Markdown table")
  .action(async (flags: { markdown?: boolean; method?: boolean; study?: boolean; parts?: boolean } & Plugins) => {
    await extend(flags);
    (await import("./schemaCommand.ts")).schemaCommand(flags);
  });

/** Registers the parts of plugins, of which there are mostly none. */
const extend = async ({ plugin }: Plugins) => (await import("./plugins.ts")).loadPlugins(plugin);

async function prepare(flags: Device): Promise<void> {
  await (await import("./prepareEngine.ts")).prepareEngine(flags.device, flags.threads);
}
