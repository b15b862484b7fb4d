import { expect, test } from "vitest";
import { type AxisValues, type PeerVariant, variantText } from "./peerVariant.ts";
import { greedySearch, type TrialResult } from "./search.ts";

const options: AxisValues = { layout: ["contiguous", "channels_last"], batch: [null, 32, 8], compile: [false, true] };

/** Milliseconds by a rule in which the best batch depends on whether the variant is compiled. */
function cost({ layout, batch, compile }: PeerVariant): TrialResult {
  const layoutMs = layout === "channels_last" ? 40 : 60;
  const batchMs = { null: 30, 32: 20, 8: compile ? 5 : 25 }[String(batch)]!;
  return { ms: layoutMs + batchMs - (compile ? 10 : 0) };
}

test("the search goes along one axis after the other and comes back once", async () => {
  const found = await greedySearch(
    options,
    async (variant) => cost(variant),
    1000,
    () => 0,
  );
  expect(found.best).toEqual({ layout: "channels_last", batch: 8, compile: true });
  expect(found.cut).toBe(false);
  expect(found.trials[0]!.variant).toEqual({ layout: "contiguous", batch: null, compile: false });
  const seen = found.trials.map(({ variant }) => JSON.stringify(variant));
  expect(new Set(seen).size).toBe(seen.length);
});

test("a variant that does not run is recorded with its reason and never chosen", async () => {
  const measure = async (variant: PeerVariant): Promise<TrialResult> =>
    variant.compile ? { failure: "no compiler" } : cost(variant);
  const { best, trials } = await greedySearch(options, measure, 1000, () => 0);
  expect(best).toEqual({ layout: "channels_last", batch: 32, compile: false });
  expect(trials.filter((t) => "failure" in t)).toEqual([
    { variant: { layout: "channels_last", batch: 32, compile: true }, failure: "no compiler" },
  ]);
});

test("once the time is over no new variant is tried", async () => {
  let now = 0;
  const measure = async (variant: PeerVariant): Promise<TrialResult> => {
    now += 30;
    return cost(variant);
  };
  const { best, trials, cut } = await greedySearch(options, measure, 80, () => now);
  expect(trials.length).toBe(3);
  expect(cut).toBe(true);
  expect(best).toEqual({ layout: "channels_last", batch: 32, compile: false });
});

test("variants are told in words", () => {
  const variant = {
    allocator: "glibc",
    layout: "contiguous",
    norm: "group_norm",
    batch: 8,
    workers: true,
    compile: false,
  };
  expect(variantText(variant)).toBe("glibc, contiguous, GroupNorm, 8 at a time, a worker a core, eager");
});
