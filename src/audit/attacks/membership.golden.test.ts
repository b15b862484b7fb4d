import { describe, expect, test } from "vitest";
import golden from "../../../golden/audit/membership.json" with { type: "json" };
import { clopperPearson } from "../metrics/clopperPearson.ts";
import { empiricalEpsilon, mostShown } from "../metrics/empiricalEpsilon.ts";
import { oneRunEpsilon } from "../metrics/oneRun.ts";
import { advantageOf, areaOf, rocOf, stepAt } from "../metrics/roc.ts";
import { ssim } from "../ssim.ts";
import { addConfidences } from "./confidence.ts";
import { type Evidence, inSpaces, membershipAttackNamed } from "./index.ts";
import { fitOf, offlineRatio, onlineRatio } from "./lira.ts";
import { addRanked, rankedLength } from "./rankedOutputs.ts";

/** A game in which nothing is seen but what is given. */
const evidenceOf = ({
  members,
  ...given
}: Partial<Evidence> & { readonly members: readonly Uint8Array[] }): Evidence => ({
  members,
  labels: new Int32Array(members[0]!.length),
  confidences: [],
  views: [],
  outputs: [],
  population: [],
  distances: inSpaces(() => []),
  ...given,
});

const bits = (rows: readonly (readonly number[])[]) => rows.map((own) => Uint8Array.from(own));
const floats = (rows: readonly (readonly number[])[]) => rows.map((own) => Float64Array.from(own));

/** The scores of the last model, all others known. */
function scoresOf(name: string, evidence: Evidence): Float64Array {
  const target = evidence.members.length - 1;
  const references = Array.from({ length: target }, (_, m) => m);
  return membershipAttackNamed(name).scores(evidence, target, references);
}

/** golden/audit/membership.py: SciPy and scikit-learn. */
describe("golden values", () => {
  test("φ of logits (2, 1, 0), and of ones that a float32 softmax would round to certainty", () => {
    const into = new Float64Array(2);
    addConfidences([2, 1, 0, 60, 0, 0], [0, 0], 3, into);
    expect(into[0]).toBeCloseTo(0.686738, 6);
    expect(into[1]).toBeCloseTo(60 - Math.log(2), 12);
  });

  test("LiRA: models with {1, 2, 3, 4}, without {−1, 0, 1, 2}, a target of 2.5", () => {
    const [within, without] = [fitOf([1, 2, 3, 4]), fitOf([-1, 0, 1, 2])];
    expect([within.mean, without.mean]).toEqual([2.5, 0.5]);
    expect(within.deviation).toBeCloseTo(1.118034, 6);
    expect(onlineRatio(2.5, within, without)).toBeCloseTo(1.6, 12);
    expect(Math.exp(offlineRatio(2.5, without))).toBeCloseTo(0.963181, 6);
  });

  test.each(["lira", "lira-offline", "calibrated", "rmia"] as const)("the scores of %s", (name) => {
    const { members, confidences, population } = golden.game;
    const found = scoresOf(
      name,
      evidenceOf({ members: bits(members), confidences: floats(confidences), population: floats(population) }),
    );
    expect(found).toHaveLength(golden.game[name].length);
    for (const [i, value] of golden.game[name].entries()) expect(found[i]).toBeCloseTo(value, 9);
  });

  test("the scores of lira-views: means over views", () => {
    const { members, confidences, views } = golden.views;
    const found = scoresOf(
      "lira-views",
      evidenceOf({ members: bits(members), confidences: floats(confidences), views: views.map(floats) }),
    );
    for (const [i, value] of golden.views["lira-views"].entries()) expect(found[i]).toBeCloseTo(value, 9);
  });

  test("the scores of shokri, from outputs: log-probabilities in order, a logistic regression for each class", () => {
    const { members, labels, logits, features } = golden.shokri;
    const classes = 3;
    const outputs = logits.map((model) => {
      const into = new Float32Array(labels.length * rankedLength(classes));
      addRanked(model.flat(), labels, classes, into);
      return into;
    });
    for (const [k, value] of features.flat().entries()) expect(outputs.at(-1)![k]).toBeCloseTo(value, 6);
    const found = scoresOf("shokri", evidenceOf({ members: bits(members), labels: Int32Array.from(labels), outputs }));
    for (const [i, value] of golden.shokri.shokri.entries()) expect(found[i]).toBeCloseTo(value, 5);
  });

  test("structural similarity", () => {
    for (const { shape, a, b, ssim: value } of golden.ssim) {
      const found = ssim(Float32Array.from(a), Float32Array.from(b), shape as [number, number, number]);
      expect(found).toBeCloseTo(value, 9);
    }
  });

  test("curves: area, shares at levels, advantage, with ties", () => {
    for (const { scores, members, auc, tpr, advantage } of golden.roc) {
      const roc = rocOf(Float64Array.from(scores), Uint8Array.from(members));
      expect(areaOf(roc)).toBeCloseTo(auc, 12);
      expect(advantageOf(roc).advantage).toBeCloseTo(advantage, 12);
      for (const [level, share] of Object.entries(tpr))
        expect(stepAt(roc, Number(level)).truePositives / roc.within).toBeCloseTo(share, 12);
    }
  });

  test("intervals of Clopper and Pearson", () => {
    for (const [hits, n, low, high] of golden.clopperPearson) {
      const found = clopperPearson(hits!, n!);
      expect(found.low).toBeCloseTo(low!, 10);
      expect(found.high).toBeCloseTo(high!, 10);
    }
  });

  test("ε that a test shows, and the most that it can", () => {
    for (const [truePositives, within, falsePositives, without, epsilon] of golden.empirical)
      expect(
        empiricalEpsilon(
          { truePositives: truePositives!, within: within!, falsePositives: falsePositives!, without: without! },
          1e-5,
        ),
      ).toBeCloseTo(epsilon!, 8);
    for (const [n, epsilon] of golden.most) expect(mostShown(n!, 1e-5)).toBeCloseTo(epsilon!, 8);
  });

  test("ε that guesses about coins show", () => {
    for (const [coins, guesses, right, delta, epsilon] of golden.oneRun)
      expect(oneRunEpsilon({ coins: coins!, guesses: guesses!, right: right! }, delta!)).toBeCloseTo(epsilon!, 8);
  });
});

test("a name that there is not is refused with the nearest", () => {
  expect(() => membershipAttackNamed("lyra")).toThrow(/no attack on membership "lyra"/);
});
