import { imagesAndLabels } from "./imagesAndLabels.ts";
import type { Layout } from "./layout.ts";

/**
 * Files of MTT, and of TESLA, HaBa, FTD and GLaD after it: images_best.pt with labels_best.pt. They are normalised, or whitened where
 * the run was with --zca; then images_zca_best.pt has them as pixels again.
 */
export const mtt: Layout = {
  title: "images_best.pt with labels_best.pt beside it (MTT, TESLA, FTD)",
  space: "normalised",
  whitening: "constant",
  sets: async (files, facts) => [await imagesAndLabels(files, facts, ["images_best.pt", "images.pt"])],
};
