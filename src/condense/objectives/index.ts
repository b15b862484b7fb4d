import type { RealReader } from "../../data/reader.ts";
import type { Setup } from "../setup.ts";
import { adversaryOf } from "./adversary.ts";
import { decodedOutside } from "./decodedOutside.ts";
import { denoisingOf } from "./denoise/denoisingObjective.ts";
import { MatchObjective } from "./match/matchObjective.ts";
import { addedTerms, matchingTerms, numbered, type TracedTerm } from "./match/terms.ts";
import type { Objective } from "./objective.ts";
import { opponentsOf } from "./opponents.ts";
import { SolveObjective } from "./solve/solveObjective.ts";
import { summed } from "./summed.ts";

/** The objective of a configuration, its regularising tricks with it; none for a coreset. */
export function objectiveOf(setup: Setup, reader: RealReader): Objective | undefined {
  const { configuration, network } = setup;
  const added = addedTerms(configuration, network, opponentsOf(setup));
  const adversary = adversaryOf(setup);
  const matched = (terms: readonly TracedTerm[], against?: typeof adversary): Objective | undefined => {
    if (terms.length === 0) return undefined;
    const make = (own: Setup) => new MatchObjective(own, terms, reader, against);
    return setup.space.staged ? decodedOutside(setup, reader, make) : make(setup);
  };
  if (configuration.solver) {
    const regularising = matched(numbered(added));
    return new SolveObjective(setup, reader, regularising, adversary);
  }
  const terms = numbered([...matchingTerms(configuration, network), ...added]);
  const matching = matched(terms, adversary);
  const denoising = denoisingOf(setup, reader);
  return matching && denoising ? summed(matching, denoising) : (matching ?? denoising);
}

export type { Objective, StepContext } from "./objective.ts";
