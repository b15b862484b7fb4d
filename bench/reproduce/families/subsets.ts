import { isDrawn } from "../../../src/synthetic/index.ts";
import type { Cell, Family } from "../cell.ts";
import { stepsOfTraining } from "../scoring.ts";
import { makeCell, sizes } from "./makeCell.ts";

/** One protocol that rows of methods are scored under, and subsets beside them. */
interface Protocol {
  /** A part of the cell's name; the field's augmentation for the usual number of epochs where left out. */
  readonly scoring?: string;
  readonly epochs: number;
  /** Told to `--augmentation`; the field's operators for the dataset where left out. */
  readonly augmentation?: string;
  readonly repeats?: number;
}

const perImage = "per-image:crop_scale_rotate";

const words = ({ epochs, augmentation }: Protocol, repeats: number): string[] => [
  ...["--epochs", String(epochs), "--repeats", String(repeats)],
  ...(augmentation ? ["--augmentation", augmentation] : []),
];

/** Subsets by rules; of one that draws at random every network sees a draw of its own, five where no other number is given. */
const chosen = (dataset: string, ipc: number, rules: readonly string[], protocol: Protocol): Cell[] =>
  rules.map((rule) => {
    const repeats = protocol.repeats ?? (isDrawn(rule) ? 5 : 3);
    return makeCell(rule, dataset, ipc, {
      scoring: protocol.scoring,
      condense: [],
      evaluate: words(protocol, repeats),
    });
  });

/** The images that methods start from under seed 0, as they are: DM with a learning rate of zero. */
const start = (dataset: string, ipc: number, protocol: Protocol): Cell => ({
  ...makeCell("dm", dataset, ipc, {
    variant: "start",
    scoring: protocol.scoring,
    condense: ["--steps", "1", "--set", "imageLearningRate=0", "--set", "initialisation=kmeans"],
    evaluate: words(protocol, 3),
  }),
  reported: undefined,
});

const drawn = ["random", "kmeans"];

/** Subsets of the real data under every protocol that a method's row has. */
export const subsets: Family = {
  name: "subsets",
  title: "Subsets of the real data",
  notes: [
    "Every protocol under which a row of another table is scored, so that like is compared with like.",
    "`random` and `kmeans` (the real images nearest to k-means centres): every network trains on another draw, so that ± is of draws and networks together. `herding`, `mfc` and the start are one set.",
    "`dm, start`: the representative real images that most methods start from at ten images a class under seed 0 (`initialisation` of their presets), before the first step.",
  ],
  cells: sizes.flatMap(([dataset, ipc]) => {
    const usual: Protocol = { epochs: stepsOfTraining(ipc) };
    const plain: Protocol = { ...usual, scoring: "plain", augmentation: "none" };
    const eachImage: Protocol = { ...usual, scoring: "per-image", augmentation: perImage };
    const long: Protocol = { scoring: "1000-epochs", epochs: 1000 };
    const mnist = dataset === "mnist";
    return [
      ...chosen(dataset, ipc, [...drawn, "herding", "mfc"], usual),
      start(dataset, ipc, usual),
      ...chosen(dataset, ipc, drawn, plain),
      ...(ipc === 10 ? [start(dataset, ipc, plain)] : []),
      ...(mnist ? [...chosen(dataset, ipc, drawn, eachImage), ...chosen(dataset, ipc, drawn, long)] : []),
      ...(mnist && ipc === 10 ? [start(dataset, ipc, long)] : []),
      ...(mnist && ipc === 1
        ? chosen(dataset, ipc, drawn, { ...long, scoring: "per-image-1000-epochs", augmentation: perImage })
        : []),
      ...(ipc === 10
        ? chosen(dataset, ipc, [...drawn, "herding"], { scoring: "300-epochs", epochs: 300, repeats: 3 })
        : []),
    ];
  }),
};
