import { stepsOf } from "../../src/condense/configuration.ts";
import { AttarError, nearest } from "../../src/engine/index.ts";
import { infiniteNetworkNamed, networkText } from "../../src/hypotheses/index.ts";
import { type Method, methods } from "../../src/methods/index.ts";
import { drawnRules } from "../../src/synthetic/index.ts";
import type { Cell, Family } from "./cell.ts";
import { reportedFor } from "./reported.ts";

const coresets = methods.filter((m) => m.loop === "select").map((m) => m.name);

/** Whether a cell is a subset of the real data, which needs no run. */
export const isCoreset = (cell: Cell): boolean => coresets.includes(cell.method);

const cell = (method: string, dataset: string, ipc: number, options: Pick<Cell, "condense" | "evaluate">): Cell => ({
  method,
  dataset,
  ipc,
  ...options,
  reported: reportedFor(method, dataset, ipc),
});

/** How subsets are scored in rows of their own: a name for the row, and what `--augmentation` is told. */
type Scheme = readonly [NonNullable<Cell["variant"]>, string];

const perImage: Scheme = ["per-image", "per-image:crop_scale_rotate"];

/** The subsets that methods are held against, another draw for each of five networks, under the field's augmentation or another scheme. */
const drawnSubsets = (dataset: string, ipc: number, epochs: readonly string[], scheme?: Scheme): Cell[] =>
  ["random", "kmeans"].map((rule) => {
    const evaluate = [...epochs, "--repeats", "5", ...(scheme ? ["--augmentation", scheme[1]] : [])];
    return { ...cell(rule, dataset, ipc, { condense: [], evaluate }), ...(scheme && { variant: scheme[0] }) };
  });

/** Longer runs than the small families have: distribution matching beside subsets. */
const quality: Family = {
  name: "quality",
  title: "Ten images per class, longer runs",
  notes: [
    "DM: 1,800 steps with 64 real images per class at its authors' learning rate (authors: 20,000 with 256). Scores: three networks, 300 epochs with augmentation, the last epoch.",
  ],
  cells: [
    ...["mnist", "fashion-mnist", "cifar-10"].flatMap((dataset) =>
      ["dm", "random", "herding"].map((method) =>
        cell(method, dataset, 10, {
          condense: ["--steps", "1800", "--set", "imageLearningRate=1", "--set", "initialisation=real"],
          evaluate: ["--epochs", "300", "--repeats", "3"],
        }),
      ),
    ),
  ],
};

/** Runs at the authors' length, which take an hour to days on two cores; an interrupted one continues. */
const paper: Family = {
  name: "paper",
  title: "Authors' hyperparameters at their full length",
  notes: [
    "Preset `paper`: steps, real images and learning rates are the authors'; what still differs is listed by `attar methods <name>`.",
    "Scores: ConvNet-3 of width 128, five networks, 1000 epochs with the authors' augmentation, the last epoch.",
    "IDC's authors take 200,000 steps, more than a day of a card: its row is the first 600 of them.",
  ],
  cells: [
    ...drawnSubsets("mnist", 1, ["--epochs", "1000"]),
    ...drawnSubsets("mnist", 1, ["--epochs", "1000"], perImage),
    ...["dc", "dsa", "datadam", "dm", "idc"].map((method) =>
      cell(method, "mnist", 1, {
        condense: ["--preset", "paper", ...(method === "idc" ? ["--steps", "600"] : [])],
        evaluate: ["--epochs", "1000", "--repeats", "5"],
      }),
    ),
  ],
};

/** Methods whose steps are few: half of them on Fashion-MNIST would leave S where it starts. */
const unhalved = new Set(["dsa", "lcmat", "nsd"]);

/**
 * Every method of a loop beside subsets of T, at three sizes. `share` of the preset's steps bounds the time; Fashion-MNIST gets
 * half, except of `unhalved`.
 */
function small(name: string, title: string, loop: Method["loop"], share: number, subsets: readonly string[]): Family {
  const chosen = methods.filter((m) => m.loop === loop);
  const sizes = [
    ["mnist", 1],
    ["mnist", 10],
    ["fashion-mnist", 10],
  ] as const;
  return {
    name,
    title,
    notes: [
      `Steps: ${100 * share} % of the preset \`laptop\`, half as many on Fashion-MNIST (but for ${loop === "match" ? "DSA and LCMat" : "NSD"}); the authors run many times as long.`,
      `Scores: ConvNet-3 of width 128, three networks, 300 epochs (200 at 10 images per class), the last epoch, augmented where the method is (${loop === "match" ? "DC, DCC and CAFE are not, but on MNIST their authors draw an operator for every image" : "all but BPTT"}, as the authors do); authors evaluate with their own recipes.`,
      "Random and k-means subsets in rows of their own: five networks, each on its own draw; the spread of a set is over networks only.",
      ...(loop === "match"
        ? [
            "DSA's 10 images per class of MNIST are scored a second time after its authors' 1000 epochs, the same run.",
            "Sets that decode to more images take more steps an epoch: CEP's 160 per class get 50 epochs (350 steps), the 40 of IDC, DREAM, DREAM+ and IDM get 200 on MNIST (400 steps) and 100 on Fashion-MNIST; 200 epochs of 100 images are 200.",
          ]
        : []),
      ...(loop === "bilevel"
        ? [
            "Sets with learned labels (FRePo, RFAD, RCIG, KIP): squared error, 1000 steps of Adam (2000 at 10 images per class), their authors' recipe; at 10 images per class on a network of the width they were condensed with.",
            "NSD's 10 images per class decode to 152, on which 50 epochs are 300 steps; 200 of 100 images in all are 200.",
          ]
        : []),
    ],
    cells: sizes.flatMap(([dataset, ipc]) => {
      const repeats = ["--repeats", "3"];
      const epochs = ["--epochs", ipc === 1 ? "300" : "200"];
      return [
        ...subsets.map((method) => {
          const each = drawnRules.has(method) ? ["--repeats", "5"] : repeats;
          return cell(method, dataset, ipc, { condense: [], evaluate: [...epochs, ...each] });
        }),
        ...variants(loop, dataset).flatMap((scheme) => drawnSubsets(dataset, ipc, epochs, scheme)),
        ...chosen.flatMap((method) => {
          const part = dataset === "fashion-mnist" && !unhalved.has(method.name) ? share / 2 : share;
          const steps = Math.max(1, Math.round(part * stepsOf(method, "laptop", dataset, ipc)));
          const trained = ["--epochs", String(epochsOf(method, dataset, ipc)), ...repeats];
          const options = {
            condense: ["--steps", String(steps)],
            evaluate: [...(regresses(method) ? repeats : trained), ...beside(method, ipc)],
          };
          const own = cell(method.name, dataset, ipc, options);
          return longScored(own) ? [own, { ...own, variant: "1000-epochs", evaluate: authorsEpochs } as const] : [own];
        }),
      ];
    }),
  };
}

const authorsEpochs = ["--epochs", "1000", "--repeats", "3"];

/** Whether a set is scored after its authors' 1000 epochs as well. */
const longScored = ({ method, dataset, ipc }: Cell): boolean => method === "dsa" && dataset === "mnist" && ipc === 10;

/** How else subsets are scored than under the field's augmentation, beside methods that their authors score so. */
function variants(loop: Method["loop"], dataset: string): readonly Scheme[] {
  return [["plain", "none"], ...(loop === "match" && dataset === "mnist" ? [perImage] : [])];
}

/**
 * Epochs on a set of a method. One that decodes to many images has as many more steps an epoch: 1,600 images get 50 epochs,
 * 400 of Fashion-MNIST 100, which are 350 and 200 steps; 200 epochs of 100 images are 200.
 */
function epochsOf(method: Method, dataset: string, ipc: number): number {
  if (ipc === 1) return 300;
  const images = ipc * decodedEach(method);
  if (images > 100) return 50;
  return images > 10 && dataset !== "mnist" ? 100 : 200;
}

/** Images that one stored image of a method's laptop preset decodes to. */
function decodedEach(method: Method): number {
  if (method.loop === "select") return 1;
  const { name, options = {} } = method.synthetic;
  if (name === "spectral") return 15;
  const { factor = 1, maps = 3 } = options as { factor?: number; maps?: number };
  return factor ** 2 * (name === "channel-formation" ? maps + 1 : 1);
}

/** Whether the labels of S are values to regress on, which `attar evaluate` trains on for its own number of steps. */
const regresses = (method: Method): boolean => method.loop === "bilevel" && method.labels?.form === "centred";

/** What is scored with a set, where no row of subsets is trained as it is: on its own network, or under its own augmentation. */
function beside(method: Method, ipc: number): string[] {
  const network = ownNetwork(method, ipc);
  if (network.length > 0 || method.loop === "select") return network;
  const usual = ["none", "siamese", "composite"].some((scheme) => method.augmentation.startsWith(scheme));
  return usual || regresses(method) ? [] : ["--baselines", "random,kmeans"];
}

/**
 * A set made for another network than the ConvNet is scored on that one, with subsets of its size beside it. Thousands of
 * steps on a hundred images are taken at the width of condensation.
 */
function ownNetwork(method: Method, ipc: number): string[] {
  if (method.loop === "select") return [];
  if (method.loop === "bilevel" && method.solver.name === "kernel-ridge") {
    const { kernel = "ntk", depth } = method.solver.options ?? {};
    if (infiniteNetworkNamed(kernel as string))
      return [
        "--nets",
        networkText({ name: kernel as string, options: { depth: depth as number } }),
        "--baselines",
        "random,kmeans",
      ];
  }
  if (!method.network) return [];
  const { name, options = {} } = method.network;
  const width = ipc > 1 && method.presets?.laptop["network.width"];
  return [
    "--nets",
    networkText({ name, options: { ...options, ...method.scoring, ...(width && { width }) } }),
    "--baselines",
    "random,kmeans",
  ];
}

const families: readonly Family[] = [
  quality,
  paper,
  small("dd", "Distribution discrepancies, small", "match", 0.4, ["random", "kmeans", "herding", "mfc"]),
  small("bilevel", "Bilevel methods, small", "bilevel", 0.6, ["random", "kmeans"]),
];

/** @throws AttarError "unknown-family" (exit code 2). */
export function familyNamed(name: string): Family {
  const found = families.find((f) => f.name === name);
  if (found) return found;
  const names = families.map((f) => f.name);
  const near = nearest(name, names);
  throw new AttarError(
    "unknown-family",
    `there is no set of experiments "${name}"`,
    `${near ? `Did you mean ${near}? ` : ""}Sets: ${names.join(", ")}.`,
  );
}
