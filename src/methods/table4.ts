import type { Method } from "./method.ts";

/** The discrepancy that a family of methods minimises (§3 and §5.1 of the paper); "General" rows combine with any. */
export type Family = "GD" | "VD" | "PD" | "DD" | "General";

/** A row of Table 4 of the paper, its words as they stand there; the legend of the signs is `trickSigns`. */
export interface TableRow {
  /** 1 to 37, from the top. */
  readonly row: number;
  readonly family: Family;
  /** The statistic that is matched, and the way of it; "N/A" where the paper names nothing. */
  readonly description: string;
  readonly tricks: string;
  /** Authors and year, as the paper cites them. */
  readonly paper: string;
}

/** The kinds of tricks in Table 4 and the sign behind each. */
export const trickSigns = {
  data: "†",
  model: "‡",
  augmentation: "*",
  regularization: "¶",
  efficiency: "§",
  "multi-objective": "⊔",
} as const;

type Group = readonly [Family, description: string, rows: readonly (readonly [tricks: string, paper: string])[]];

const groups: readonly Group[] = [
  [
    "GD",
    "BPTT for gradients",
    [
      ["N/A", "Wang et al. (2018)"],
      ["randomized truncation §", "Feng et al. (2024)"],
    ],
  ],
  ["GD", "CIG for gradients", [["N/A", "Loo et al. (2023)"]]],
  [
    "GD",
    "N/A",
    [
      ["robustness ⊔", "Wu et al. (2022)"],
      ["curvature regularization ¶, robustness ⊔", "Xue et al. (2025)"],
    ],
  ],
  [
    "VD",
    "intermediate feature matching",
    [
      ["with discrimination loss ¶", "Wang et al. (2022)"],
      ["GAN †, intra-class diversity ¶, inter-class discrimination ¶", "Zhang et al. (2023)"],
      ["diffusion model training †, representative loss ¶, diversity loss ¶", "Gu et al. (2024)"],
    ],
  ],
  [
    "VD",
    "output feature matching",
    [
      ["Kernel Ridge regression with NTK ‡", "Nguyen et al. (2021a;b)"],
      ["Kernel Ridge regression with NNGP ‡", "Loo et al. (2022)"],
      ["Kernel Ridge regression with NFK ‡", "Zhou et al. (2022)"],
      ["Kernel Ridge regression with NTK ‡, robustness ⊔", "Tsilivis et al. (2022)"],
    ],
  ],
  [
    "PD",
    "trajectory matching",
    [
      ["N/A", "Cazenavette et al. (2022)"],
      ["neural spectral decomposition*", "Yang et al. (2024)"],
    ],
  ],
  [
    "DD",
    "distribution matching (IPM)",
    [
      ["N/A", "Zhao and Bilen (2023)"],
      ["pre-trained GANs †", "Zhao and Bilen (2022)"],
      ["GAN training †", "Wang et al. (2025)"],
      ["expert subspace projection ‡", "Ma et al. (2023)"],
      ["spatial attention matching*", "Sajedi et al. (2023)"],
      ["multi-formation*", "Zhao et al. (2023)"],
    ],
  ],
  [
    "DD",
    "gradient matching (IPM)",
    [
      ["N/A", "Zhao et al. (2021)"],
      ["siamese augmentation*", "Zhao and Bilen (2021)"],
      ["multi-formation*", "Kim et al. (2022)"],
      ["channel-wise multi-formation*", "Zhou et al. (2024)"],
      ["contrastive signal ¶", "Lee et al. (2022)"],
      ["loss curvature regularization ¶", "Shin et al. (2023)"],
      ["private set generation ⊔", "Chen et al. (2022)"],
      ["K-means clustering §", "Liu et al. (2023b;c)"],
    ],
  ],
  ["DD", "higher-order moment matching (IPM)", [["N/A", "Yu et al. (2024)"]]],
  ["DD", "mean feature matching (IPM)", [["K-means clustering §", "Su et al. (2024)"]]],
  [
    "DD",
    "MMD with NTK",
    [
      ["N/A", "Zhang et al. (2024)"],
      ["differential privacy ⊔", "Harder et al. (2021)"],
    ],
  ],
  ["DD", "Wasserstein metric", [["N/A", "Liu et al. (2023a)"]]],
  ["DD", "Hausdorff distance", [["N/A", "Chen and Selvan (2025)"]]],
  [
    "General",
    "N/A",
    [
      ["pre-trained GANs †", "Cazenavette et al. (2023)"],
      ["pre-trained diffusion models †", "Moser et al. (2024)"],
      ["pre-trained hallucinators †", "Liu et al. (2022)"],
    ],
  ],
];

/** The rows of Table 4, in its order. */
export const table4: readonly TableRow[] = groups
  .flatMap(([family, description, rows]) => rows.map(([tricks, paper]) => ({ family, description, tricks, paper })))
  .map((entry, i) => ({ row: i + 1, ...entry }));

/** The row of Table 4 that a method is; undefined for methods beside the paper. */
export const rowOf = (method: Method): TableRow | undefined => table4.find(({ row }) => row === method.row);
