import { imagesAndLabels } from "./imagesAndLabels.ts";
import type { Layout } from "./layout.ts";

/** Files as DD-Ranking takes them: images.pt, labels.pt, hard or soft, and lr.pt. */
export const ddRanking: Layout = {
  title: "images.pt, labels.pt and lr.pt (DD-Ranking)",
  space: "normalised",
  whitening: "constant",
  sets: async (files, facts) => [await imagesAndLabels(files, facts, ["images.pt"])],
};
