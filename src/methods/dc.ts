import type { MatchMethod, Tuning } from "./method.ts";
import { scaledRate } from "./scaledRate.ts";
import { fromTen, representativeStart, startDeparture } from "./shortRuns.ts";
import { singleImages, singleImagesDeparture } from "./singleImages.ts";

/** The authors' outer and inner loops by images per class: steps that a network serves, epochs on S between two of them. */
const outerInner: readonly Tuning[] = (
  [
    [1, 1, 1, 1],
    [2, 10, 10, 50],
    [11, 20, 20, 25],
    [21, 30, 30, 20],
    [31, 40, 40, 15],
    [41, 50, 50, 10],
    [51, 1000, 100, 2],
  ] as const
).map(([least, most, outer, inner]) => ({
  preset: "paper",
  ipc: [least, most],
  set: { steps: 1000 * outer, "hypotheses.every": outer, "hypotheses.epochs": inner },
}));

/**
 * Short runs: a learning rate by images per class, and from ten of them on a start at representative images and less training
 * on S between steps, which would otherwise take half of the time.
 */
export const short: readonly Tuning[] = [...scaledRate(1), representativeStart, fromTen({ "hypotheses.epochs": 5 })];

/** Without augmentation a short run moves real images more carefully: at rate 1 it adds pixel noise, at 0.2 accuracy. */
export const gentle: Tuning = { preset: "laptop", ipc: [10, 49], set: { imageLearningRate: 0.2 } };

/**
 * Settings at ten images per class under which steps agree with one another: a network is seen for longer and trained further
 * between the steps of S, at four times its authors' rate, and the learning rate of S falls. Chosen on held-out images.
 */
export const settled = (imageLearningRate: number, datasets: readonly string[]): Tuning => ({
  preset: "laptop",
  datasets,
  ipc: [10, 49],
  set: {
    steps: 262,
    imageLearningRate,
    "update.schedule": "cosine",
    "hypotheses.every": 20,
    "hypotheses.epochs": 5,
    "hypotheses.learningRate": 0.04,
  },
});

/** The rows that tune methods with this loop and these authors' table. */
export const matched: readonly Tuning[] = [...outerInner, ...short];

/** The departures of every method with this loop. */
export const matchedDepartures: readonly string[] = [
  startDeparture,
  "1000 networks instead of 1001: the authors' loop counts its ends.",
  "Images per class between the rows of the authors' table take the next larger row; theirs stops there.",
  "Every draw is keyed by (seed, purpose, step, class) instead of by the clock.",
];

/**
 * DC: Dataset Condensation with Gradient Matching (Zhao, Mopuri and Bilen 2021; §5.1.4 of the paper).
 *
 *   min_S  E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(S_c; θ_t), ∇_θ ℓ(T_c; θ_t) ),   θ_t trained on S
 *
 * If a step on S moves a network as a step on T would, training on S retraces training on T. D is the cosine distance of
 * every output unit's gradient; the network is trained on S between the steps of S, so that gradients agree along the path.
 */
export const dc: MatchMethod = {
  name: "dc",
  row: 21,
  title: "Gradient matching",
  citation: {
    authors: "B. Zhao, K. R. Mopuri and H. Bilen",
    year: 2021,
    title: "Dataset Condensation with Gradient Matching",
    venue: "ICLR",
    letter: "a",
  },
  formula: "min_S E_θ₀ Σ_t Σ_c D( ∇_θ ℓ(S_c; θ_t), ∇_θ ℓ(T_c; θ_t) ), θ_t trained on S",
  reference: "§5.1.4, gradient matching (IPM)",
  objective: { match: [{ view: { name: "loss-gradient" }, discrepancy: { name: "gradient-layerwise" } }] },
  synthetic: { name: "pixels" },
  initialisation: { name: "noise" },
  hypotheses: { name: "alternating", options: { trainsOn: "synthetic", batch: 256, learningRate: 0.01 } },
  augmentation: "none",
  tricks: [],
  presets: {
    laptop: {
      steps: 300,
      realBatch: 64,
      imageLearningRate: 0.1,
      imageMomentum: 0.5,
      "hypotheses.every": 5,
      "hypotheses.epochs": 10,
    },
    paper: { steps: 10000, realBatch: 256, imageLearningRate: 0.1, imageMomentum: 0.5 },
  },
  tuned: [...matched, gentle, settled(0.3, ["mnist"]), singleImages],
  departures: [...matchedDepartures, singleImagesDeparture],
};
