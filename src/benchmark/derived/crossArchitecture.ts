import { crossArchitecture as formula } from "../metrics/crossArchitecture.ts";
import type { Derivation, Derived } from "./derivation.ts";

const name = "cross-architecture";

/** How a set serves networks that it was not condensed on: mean, worst, and the drop against the own one (Cui et al. 2022). */
export const crossArchitecture: Derivation = {
  name,
  title: "accuracy on other networks than the one condensed on: mean, worst, drop",
  of: "set",
  restates: false,
  options: {},
  unit: "fraction",
  better: "higher",
  figures({ place, numbers, circumstances }) {
    const absent = (reason: string): Derived[] => [
      { metric: name, unit: "fraction", better: "higher", value: null, reason },
    ];
    const own = circumstances.condensedOn(place);
    if ("none" in own) return absent(own.none);
    const networks = numbers.networksOf(place);
    if (!networks.includes(own.network))
      return absent(`its own network, ${own.network}, is not among the networks of the study`);
    if (networks.length < 2) return absent('no other network: name several in "networks"');
    const scores: Record<string, number> = Object.create(null);
    const keys: string[] = [];
    for (const network of networks) {
      const found = numbers.at({ ...place, network }, "accuracy");
      if ("missing" in found) return absent(found.missing);
      scores[network] = found.mean;
      keys.push(...found.keys);
    }
    const { mean, worst, drop } = formula(scores, own.network)!;
    const figure = (metric: string, value: number, more: object = {}): Derived => ({
      ...{ metric, unit: "fraction", better: "higher", value, keys },
      ...more,
    });
    return [
      figure(name, mean),
      figure(`${name}.worst`, worst),
      figure(`${name}.drop`, drop, { unit: "difference", better: "lower" }),
    ];
  },
};
