import { augmentationRobustScore as formula } from "../metrics/augmentationRobustScore.ts";
import type { Derivation, Derived } from "./derivation.ts";
import { randomAt } from "./gains.ts";
import { together } from "./numbers.ts";

const words = { metric: "augmentation-robust-score", unit: "fraction", better: "higher" } as const;

/** DD-Ranking's augmentation-robust score: gains over random with a protocol's augmentation and without any (Li et al. 2025). */
export const augmentationRobustScore: Derivation = {
  name: words.metric,
  title: "ARS: gains over random subsets with augmentation and without, in one score from 0 to 1",
  of: "network",
  restates: true,
  options: {},
  unit: words.unit,
  better: words.better,
  figures({ place, numbers, circumstances: { protocols } }): readonly Derived[] {
    const absent = (reason: string): Derived[] => [{ ...words, value: null, reason }];
    const plain = protocols.filter(({ augmentation }) => augmentation === "none");
    if (plain.length !== 1)
      return absent(
        plain.length === 0
          ? 'no protocol without augmentation: one with "augmentation": "none" in "protocols"'
          : `${plain.length} protocols are without augmentation: it takes one`,
      );
    if (plain[0]!.name === place.protocol)
      return protocols.length > 1 ? [] : absent('no protocol with augmentation: another one in "protocols"');
    const found = [place.protocol, plain[0]!.name].flatMap((protocol) => {
      const there = { ...place, protocol };
      return [numbers.at(there, "accuracy"), randomAt(numbers, there)];
    });
    const all = together(found);
    if ("missing" in all) return absent(all.missing);
    const [set, random, plainSet, plainRandom] = found.map((one) => ("missing" in one ? Number.NaN : one.mean));
    const value = formula({ condensed: set!, random: random! }, { condensed: plainSet!, random: plainRandom! });
    return [{ ...words, value, keys: all.keys }];
  },
};
