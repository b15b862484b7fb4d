import { AttarError } from "../engine/index.ts";
import { embeddingSums, meanEmbedding } from "./embedding.ts";
import type { Statistic } from "./statistic.ts";

const statistics: Readonly<Record<string, Statistic>> = {
  embedding: { classSums: embeddingSums, groupMean: meanEmbedding, length: (network) => network.features },
};

/** The statistic a method's declaration names. @throws AttarError "unknown-view" */
export function statisticNamed(name: string): Statistic {
  const found = Object.hasOwn(statistics, name) ? statistics[name] : undefined;
  if (found) return found;
  throw new AttarError(
    "unknown-view",
    `there is no statistic named "${name}"`,
    `use one of ${Object.keys(statistics).join(", ")}`,
  );
}

export type { Statistic } from "./statistic.ts";
export { embeddingSums, meanEmbedding };
