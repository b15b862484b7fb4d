import { describe, expect, test } from "vitest";
import { networkSeconds } from "../evaluate/scoringCost.ts";
import { type PlanOptions, planned } from "./plan.ts";

const cost = (ipc: number, perEpoch: number, beside = 1) => ({ ipc, perEpoch, beside });
const options: PlanOptions = {
  seconds: 300,
  costs: [cost(10, 0.01), cost(1, 0.002), cost(50, 0.05)],
  sets: 4,
  condenses: true,
  usualEpochs: 1000,
};
/** Seconds that scoring takes by a plan. */
const spent = ({ epochs, networks, sizes }: ReturnType<typeof planned>, { costs, sets }: PlanOptions) =>
  costs
    .filter(({ ipc }) => sizes.includes(ipc))
    .reduce((sum, c) => sum + sets * networks * networkSeconds(c, epochs), 0);

describe("a budget", () => {
  test("is half scoring's: three networks of as many epochs as that takes", () => {
    const plan = planned(options);
    expect(plan).toMatchObject({ networks: 3, sizes: [1, 10, 50], left: [] });
    expect(spent(plan, options)).toBeLessThanOrEqual(150);
    expect(spent({ ...plan, epochs: plan.epochs + 1 }, options)).toBeGreaterThan(150);
  });

  test("that is plenty trains no longer than the protocol does", () =>
    expect(planned({ ...options, seconds: 1e6 }).epochs).toBe(1000));

  test("is nearly all scoring's where no set takes steps", () => {
    const rows = { ...options, condenses: false };
    expect(spent(planned(rows), rows)).toBeGreaterThan(250);
  });

  test("that is short has two networks, then fewer sizes, and at last fewer epochs", () => {
    const at = (seconds: number) => planned({ ...options, seconds });
    expect(at(180)).toMatchObject({ networks: 2, left: [] });
    expect(at(60)).toMatchObject({ networks: 2, sizes: [1, 10], left: [50] });
    const least = at(20);
    expect(least).toMatchObject({ networks: 2, sizes: [1], left: [10, 50] });
    expect(least.epochs).toBeGreaterThanOrEqual(100);
    expect(least.wanted).toBeUndefined();
    const none = at(1);
    expect(none).toMatchObject({ epochs: 1, networks: 2, sizes: [1] });
    expect(at(none.wanted!)).toMatchObject({ epochs: 100, sizes: [1] });
    expect(at(none.wanted!).wanted).toBeUndefined();
  });

  test("counts no set that is scored already", () => {
    const again = { ...options, seconds: 100, epochs: 100, networks: 2 };
    expect(planned(again).sizes).toEqual([1, 10]);
    expect(planned({ ...again, scored: (ipc) => (ipc < 50 ? 4 : 0) }).sizes).toEqual([1, 10, 50]);
    expect(planned({ ...again, seconds: 0, scored: () => 4 }).sizes).toEqual([1, 10, 50]);
  });

  test("leaves alone what was asked for", () => {
    expect(planned({ ...options, epochs: 7, networks: 5 })).toMatchObject({ epochs: 7, networks: 5, left: [] });
    expect(planned({ ...options, epochs: 1000, networks: 5 })).toMatchObject({ epochs: 1000, networks: 5, sizes: [1] });
  });
});
