import type { Configuration } from "../../condense/index.ts";
import { networkText, parseNetwork } from "../../hypotheses/index.ts";
import { isCoreset } from "../../methods/method.ts";
import type { Circumstances } from "../derived/derivation.ts";
import type { Pending, Place } from "../derived/numbers.ts";
import { type Cells, claimFor } from "../plan/cells.node.ts";
import type { Plan, PlannedCell } from "../plan/plan.node.ts";
import type { Result } from "../store/result.ts";

/** What derived figures need to know of a study beside its rows. */
export function circumstancesOf(cells: Cells, plan: Plan, results: ReadonlyMap<string, Result>): Circumstances {
  const { datasets, objectives, protocols } = cells.study;
  const sets = new Map(cells.sets.map((set) => [setText(set.subject.label, set.dataset.label, set.ipc), set]));
  const scores = new Map<string, PlannedCell>();
  for (const cell of plan.cells) if (cell.kind === "evaluate") scores.set(placeText(placeOf(cell)!), cell);
  return {
    protocols: protocols.map(({ protocol }) => protocol),
    readings: objectives.flatMap(({ name, reading }) => (reading ? [{ name, reading }] : [])),
    condensedOn({ subject, dataset, ipc }) {
      const set = sets.get(setText(subject, dataset, ipc));
      const made = set?.subject.made;
      const claimed = set && claimFor(set);
      if (made?.by === "import")
        return claimed?.networks
          ? { network: networkText(parseNetwork(claimed.networks)) }
          : { none: 'nobody says which network it was made on: "networks" of "claimed" in the study' };
      if (!made || set?.job?.kind !== "condense") return { none: "there is no such set" };
      if (isCoreset(made.method)) return { none: `${subject} takes no steps: it is condensed on no network` };
      const { network, hypotheses } = set.job.configuration as Configuration;
      if (hypotheses.name === "none") return { none: `${subject} is condensed on no network` };
      return { network: networkText(network) };
    },
    testImages: (label) =>
      datasets.find((dataset) => dataset.label === label)?.info?.counts.test.reduce((sum, count) => sum + count, 0),
    readingSeconds(place) {
      const cell = scores.get(placeText(place));
      return cell?.job && results.get(cell.job.key)?.made.readingSeconds;
    },
  };
}

/** The places of a plan whose networks are not trained yet. */
export const pendingOf = (plan: Plan): readonly Pending[] =>
  plan.cells.flatMap((cell) => {
    const waits = cell.state === "ready" || cell.state === "later" || cell.state === "waiting";
    const place = waits ? placeOf(cell) : undefined;
    return place ? [{ ...place, cell: cell.name }] : [];
  });

/** The place of a cell of networks. */
function placeOf({ set, score, reference }: PlannedCell): Place | undefined {
  if (reference) {
    const { dataset, network, protocol } = reference;
    const full = { subject: "full", ipc: null, seed: null, protocol: protocol.name };
    return { ...full, dataset: dataset.label, network: networkText(parseNetwork(network)) };
  }
  if (!set || !score) return undefined;
  const { subject, dataset, ipc, seed } = set;
  const place = { subject: subject.label, dataset: dataset.label, ipc, seed };
  return { ...place, network: networkText(score.spec), protocol: score.protocol.name };
}

const setText = (subject: string, dataset: string, ipc: number | null) => JSON.stringify([subject, dataset, ipc]);

const placeText = ({ subject, dataset, ipc, seed, network, protocol }: Place): string =>
  JSON.stringify([subject, dataset, ipc, seed, network, protocol]);
