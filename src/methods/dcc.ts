import { dc, gentle, short } from "./dc.ts";
import type { MatchMethod, Term, Tuning } from "./method.ts";
import { startDeparture } from "./shortRuns.ts";
import { singleImages, singleImagesDeparture } from "./singleImages.ts";

/** The authors' loops by images per class: steps that a network serves, epochs on S between two of them. */
const outerInner: readonly Tuning[] = (
  [
    [1, 1, 10, 5],
    [2, 10, 10, 50],
    [11, 20, 20, 25],
    [21, 30, 30, 20],
    [31, 40, 40, 15],
    [41, 1000, 50, 10],
  ] as const
).map(([least, most, outer, inner]) => ({
  preset: "paper",
  ipc: [least, most],
  set: { steps: 1000 * outer, "hypotheses.every": outer, "hypotheses.epochs": inner },
}));

const [gradients] = dc.objective.match as [Term];

/**
 * DCC: Dataset Condensation with Contrastive Signals (Lee et al. 2022; §5.3.2 of the paper).
 *
 *   min_S  E_θ₀ Σ_t D( Σ_c ∇_θ ℓ(S_c; θ_t), Σ_c ∇_θ ℓ(T_c; θ_t) ),   θ_t trained on S
 *
 * Gradients are added up over the classes before they are compared, so that what tells classes apart counts and what they
 * share does not. Alone this is unstable at the start: the first ten steps with each of the first quarter of the networks
 * compare class by class as DC does. Augmented in step (DSAC): `--set tricks.augmentation=siamese --set hypotheses.augmented=true`.
 */
export const dcc: MatchMethod = {
  ...dc,
  name: "dcc",
  row: 25,
  title: "Contrastive signals",
  citation: {
    authors: "S. Lee, S. Chun, S. Jung, S. Yun and S. Yoon",
    year: 2022,
    title: "Dataset Condensation with Contrastive Signals",
    venue: "ICML",
  },
  formula: "min_S E_θ₀ Σ_t D( Σ_c ∇_θ ℓ(S_c; θ_t), Σ_c ∇_θ ℓ(T_c; θ_t) ), θ_t trained on S",
  reference: "§5.3.2, gradient matching with contrastive signals",
  objective: {
    match: [
      { ...gradients, over: "class", phase: "warmup" },
      { ...gradients, over: "set", phase: "main" },
    ],
  },
  initialisation: { name: "random" },
  presets: {
    laptop: { ...dc.presets.laptop, "warmup.share": 0.25, "warmup.steps": 10 },
    paper: { ...dc.presets.paper, "warmup.share": 0.25, "warmup.steps": 10 },
  },
  tuned: [...outerInner, ...short, gentle, singleImages],
  departures: [
    "Images per class between the rows of the authors' table take the next larger row; beyond 50 its last one.",
    "CIFAR-100 is normalised with its own statistics, the authors use CIFAR-10's.",
    startDeparture,
    singleImagesDeparture,
    "Every draw is keyed by (seed, purpose, step, class) instead of by the clock.",
  ],
};
