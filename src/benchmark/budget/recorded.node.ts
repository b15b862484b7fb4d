import { jobMaker, withSteps } from "../plan/cells.node.ts";
import type { Taken } from "../rows/taken.node.ts";
import type { Recorded } from "./budgeted.node.ts";

/**
 * The steps that rows recorded for cells of a budget: those of another machine go on here. They count where a run of so many steps
 * comes to the key that the row names, so that it is the same run in all else.
 */
export function recordedSteps({ rows }: Taken, budget: number): Recorded {
  const places = new Map<string, { steps: number; seed: number; key: string }[]>();
  const placeOf = (subject: string, checksum: string, ipc: number) => JSON.stringify([subject, checksum, ipc]);
  for (const { subject, checksum, ipc, steps, seed, budget: given, parents, key: own } of rows) {
    const key = parents ?? own;
    if (given !== budget || checksum === null || ipc === null || steps === null || seed === null || !key) continue;
    const place = placeOf(subject, checksum, ipc);
    places.set(place, [...(places.get(place) ?? []), { steps, seed, key }]);
  }
  const found = new Map<string, number | undefined>();
  return (subject, dataset, ipc) => {
    const place = placeOf(subject.label, dataset.info?.checksum ?? "", ipc);
    const listed = places.get(place);
    if (!listed) return undefined;
    if (found.has(place)) return found.get(place);
    const same = listed.find(({ steps, seed, key }) => {
      const { job } = jobMaker(withSteps(subject, steps), dataset, ipc, seed)("", seed);
      return job?.key === key;
    });
    found.set(place, same?.steps);
    return same?.steps;
  };
}
