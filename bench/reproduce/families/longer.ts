import type { Family } from "../cell.ts";
import { makeCell } from "./makeCell.ts";

/** Longer runs than the small families have: distribution matching at its authors' learning rate. */
export const quality: Family = {
  name: "quality",
  title: "Ten images per class, longer runs",
  notes: ["DM: 1,800 steps with 64 real images per class at its authors' learning rate (authors: 20,000 with 256)."],
  cells: ["mnist", "fashion-mnist", "cifar-10"].map((dataset) =>
    makeCell("dm", dataset, 10, {
      variant: "long",
      condense: ["--steps", "1800", "--set", "imageLearningRate=1", "--set", "initialisation=random"],
      evaluate: ["--epochs", "300", "--repeats", "3"],
    }),
  ),
};

/** Runs at the authors' length, which take an hour to days on two cores; an interrupted one continues. */
export const paper: Family = {
  name: "paper",
  title: "Authors' hyperparameters at their full length",
  notes: [
    "Preset `paper`: steps, real images and learning rates are the authors'; what still differs is listed by `attar methods <name>`.",
    "IDC's authors take 200,000 steps, more than a day of a card: its row is the first 600 of them.",
  ],
  cells: ["dc", "dsa", "datadam", "dm", "idc"].map((method) =>
    makeCell(method, "mnist", 1, {
      variant: "paper",
      condense: ["--preset", "paper", ...(method === "idc" ? ["--steps", "600"] : [])],
      evaluate: ["--epochs", "1000", "--repeats", "5"],
    }),
  ),
};
