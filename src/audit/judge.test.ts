import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { randomKey } from "../engine/index.ts";
import { type Claim, claimOf, epsilonOf } from "../privacy/index.ts";
import { inSpaces, membershipAttackNamed } from "./attacks/index.ts";
import { judged } from "./auditedSubject.ts";
import type { Game } from "./game.ts";
import type { Shadow } from "./shadow.ts";

const [models, samples] = [8, 400];

/** A game of fair coins with samples that are numbers alone. */
const game: Game = {
  dataset: await tinyDataset(),
  labels: new Int32Array(samples),
  members: Array.from({ length: models }, (_, m) =>
    Uint8Array.from(randomKey(5).fold(m).bits(samples), (bits) => bits >>> 31),
  ),
  asked: Array.from({ length: samples }, (_, i) => i),
};

/** Models that say of every sample a number of its coin. @param of the number, from the coin and draws of its own */
function shadows(of: (member: number, uniform: () => number) => number, claim?: Claim): Shadow[] {
  return game.members.map((members, m) => {
    const uniforms = randomKey(9)
      .fold(m)
      .uniform(samples * 12);
    let at = 0;
    const uniform = () => uniforms[at++]!;
    return {
      confidences: Float64Array.from(members, (member) => of(member, uniform)),
      population: new Float64Array(20),
      views: new Float64Array(0),
      outputs: new Float32Array(samples),
      distances: inSpaces(() => new Float64Array(0)),
      accuracies: [0.5 + m / 100],
      copies: Number.NaN,
      seconds: 1,
      ...(claim && { claim }),
    };
  });
}

/** A standard normal number, near enough: the sum of twelve uniform ones less six is within 6. */
const normal = (uniform: () => number) => Array.from({ length: 12 }, uniform).reduce((a, b) => a + b) - 6;

const claimOfSigma = (sigma: number): Claim =>
  claimOf(
    { sigma, clip: 1, rate: 1, releases: 1, delta: 1e-5, relation: "add-remove", noise: "grid", counts: 0 },
    { taken: 1, what: "a number", public: [], against: [] },
  );

const attacks = ["loss", "calibrated", "lira"].map(membershipAttackNamed);

describe("figures", () => {
  test("are a coin's where nothing leaks", () => {
    const {
      attacks: found,
      shown,
      accuracy,
      copies,
    } = judged(
      "nothing",
      shadows((_, u) => normal(u)),
      game,
      attacks,
    );
    for (const { auc, tpr } of Object.values(found)) {
      // Of several intervals of 95 % one may miss; none by as much again.
      expect(Math.abs(auc.value - 0.5)).toBeLessThan(auc.high - auc.low);
      expect(Math.abs(auc.value - 0.5)).toBeLessThan(0.03);
      expect(tpr[1]!.value).toBeLessThan(0.03);
    }
    expect(shown.epsilon).toBeLessThan(0.15);
    expect(accuracy.mean).toBeCloseTo(0.535, 12);
    expect(copies).toBeUndefined();
  });

  test("are Φ(1/√2σ) and what follows of it where coins show through normal noise", () => {
    const { attacks: found } = judged(
      "noise",
      shadows((member, u) => member + 0.5 * normal(u)),
      game,
      attacks,
    );
    // AUC of two normal distributions two deviations apart: Φ(2/√2).
    expect(found.loss!.auc.value).toBeCloseTo(0.9214, 1);
    expect(found.loss!.balancedAccuracy).toBeCloseTo(0.8413, 1);
    const [rare, , common] = found.loss!.tpr;
    expect(rare!.resolved).toBe(false);
    expect(common!.resolved).toBe(true);
    // Φ(2 − 1.2816)
    expect(common!.value).toBeCloseTo(0.764, 1);
    expect(common!.exact.low).toBeLessThan(common!.value);
    expect(common!.exact.high).toBeGreaterThan(common!.value);
  });
});

describe("the ε that is shown", () => {
  test("comes near that of a coin told rightly with probability e^ε/(1 + e^ε), and is not above it", () => {
    const epsilon = 1.5;
    const right = 1 / (1 + Math.exp(-epsilon));
    const told = shadows((member, u) => (u() < right ? member : 1 - member));
    const { shown } = judged("response", told, game, [membershipAttackNamed("loss")]);
    expect(shown.epsilon).toBeLessThan(epsilon);
    expect(shown.epsilon).toBeGreaterThan(1.1);
    expect(shown.most).toBeGreaterThan(shown.epsilon);
  });

  test.each([1, 2, 4])("is not above what noise of σ %d costs, and the claim stands", (sigma) => {
    const claim = claimOfSigma(sigma);
    expect(claim.epsilon).toBeCloseTo(epsilonOf([{ sigma, rate: 1, steps: 1 }], 1e-5, "add-remove").upper, 9);
    const noised = shadows((member, u) => member + sigma * normal(u), claim);
    const { shown, claimed, refuted } = judged("sum", noised, game, attacks);
    expect(claimed?.epsilon).toBe(claim.epsilon);
    expect(shown.epsilon).toBeLessThanOrEqual(claim.epsilon);
    expect(refuted).toBe(false);
  });

  test("refutes a claim whose noise is a tenth of what it says", () => {
    const claim = claimOfSigma(4);
    const noised = shadows((member, u) => member + 0.4 * normal(u), claim);
    const { shown, refuted } = judged("sum", noised, game, attacks);
    expect(claim.epsilon).toBeLessThan(1);
    expect(shown.epsilon).toBeGreaterThan(claim.epsilon);
    expect(refuted).toBe(true);
  });

  test("is held against no claim of a sample in another one's place, nor against one that does not stand", () => {
    const replaced = { ...claimOfSigma(1), relation: "replace-one" as const };
    expect(
      judged(
        "sum",
        shadows(() => 0, replaced),
        game,
        attacks,
      ).unjudged,
    ).toMatch(/another one's place/);
    const open = { ...claimOfSigma(1), against: ["its noise is that of floats"] };
    expect(
      judged(
        "sum",
        shadows(() => 0, open),
        game,
        attacks,
      ),
    ).toMatchObject({
      unjudged: "its noise is that of floats",
      refuted: false,
    });
  });
});
