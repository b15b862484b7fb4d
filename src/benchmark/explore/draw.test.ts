import { expect, test } from "vitest";
import { datasetInfo } from "../../data/index.ts";
import { AttarError, randomKey } from "../../engine/index.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import { axesOf, axisNames } from "./axes.ts";
import { candidatesOf, heldOutOf } from "./candidates.node.ts";
import { drawn } from "./draw.ts";
import { labelOf } from "./record.ts";

const study = (explore: object = {}) =>
  parseStudy(
    {
      name: "s",
      methods: ["dm", "random"],
      datasets: ["digits"],
      ipc: [1],
      explore: { budget: "1m", ...explore },
    },
    "s.json",
  );

const axes = async (explore: object = {}) => axesOf(study(explore).explore!, await datasetInfo("digits"), "s.json");
const accept = () => {};

test("every choice on an axis is drawn about equally often, and equal keys draw the same", async () => {
  const all = await axes({ hypotheses: ["fresh", "alternating", "experts"] });
  const { combinations } = drawn(all, 90, randomKey(3), accept);
  expect(combinations.length).toBe(90);
  expect(new Set(combinations.map(labelOf)).size).toBe(90);
  for (const axis of axisNames.filter((name) => name !== "view")) {
    const counts = all[axis].map((choice) => combinations.filter((one) => one[axis] === choice).length);
    expect(Math.max(...counts) - Math.min(...counts), axis).toBeLessThanOrEqual(2);
  }
  expect(drawn(all, 90, randomKey(3), accept)).toEqual({ combinations, refused: [] });
  expect(drawn(all, 90, randomKey(4), accept).combinations).not.toEqual(combinations);
});

test("what is refused is told with its reason and does not count", async () => {
  let calls = 0;
  const { combinations, refused } = drawn(
    await axes({ discrepancies: ["mmd", "mean-difference"] }),
    5,
    randomKey(0),
    () => {
      if (calls++ % 2 === 0) throw new AttarError("bad-combination", "not on a Monday", "");
    },
  );
  expect(combinations.length).toBe(5);
  expect(refused).toEqual(Array(5).fill({ label: expect.any(String), reason: "not on a Monday" }));
});

test("a criterion that holds parameters against a target is drawn with hypotheses that have one, or refused", async () => {
  const criterion = { discrepancies: ["parameter-distance"], views: ["unrolled"] };
  const served = drawn(await axes({ ...criterion, hypotheses: ["fresh", "experts"] }), 9, randomKey(0), accept);
  expect(new Set(served.combinations.map(({ hypotheses }) => hypotheses.name))).toEqual(new Set(["experts"]));
  expect(drawn(await axes(criterion), 9, randomKey(0), accept)).toEqual({
    combinations: [],
    refused: [{ label: "parameter-distance", reason: expect.stringMatching(/target/) }],
  });
});

test("few choices give no more combinations than there are", async () => {
  const few = await axes({
    discrepancies: ["mmd:kernel=linear", "mean-difference"],
    views: ["embedding"],
    spaces: ["pixels"],
    hypotheses: ["fresh"],
    tricks: ["none"],
  });
  const labels = drawn(few, 27, randomKey(0), accept).combinations.map(labelOf);
  expect(labels.toSorted()).toEqual([
    "mean-difference+embedding+pixels+fresh+convnet+none",
    "mmd:kernel=linear+embedding+pixels+fresh+convnet+none",
  ]);
});

test.each([
  [{ discrepancies: ["mmdd"] }, /explore\.discrepancies: there is no distance between views named "mmdd"/],
  [{ tricks: [{ name: "inter", options: { margn: 3 } }] }, /explore\.tricks: .*margn/],
  [{ spaces: ["pixels", "pixels"] }, /explore\.spaces has "pixels" twice/],
  [{ discrepancies: ["mmd:gaussian"] }, /explore\.discrepancies: cannot read "gaussian" in "mmd:gaussian"/],
])("%j", async (explore, message) => {
  await expect(axes(explore)).rejects.toThrow(message);
});

test("candidates are the study's methods and combinations that the refusal table lets through", async () => {
  const own = study({ candidates: 40 });
  const resolved = await resolveStudy(own, "s.json");
  const held = await heldOutOf(resolved.datasets[0]!, own.explore!);
  expect(held.info.counts.train.map((n, i) => n + held.info.counts.test[i]!)).toEqual(
    resolved.datasets[0]!.info!.counts.train,
  );
  expect(held.info.checksum).not.toBe(resolved.datasets[0]!.info!.checksum);
  const { candidates, refused } = candidatesOf(resolved, own.explore!, held, 1);
  expect(candidates.slice(0, 2).map(({ label, combination }) => [label, combination])).toEqual([
    ["dm", undefined],
    ["random", undefined],
  ]);
  expect(candidates.length).toBe(42);
  expect(refused.map(({ reason }) => reason).join("\n")).toMatch(/looks through a network in its view/);
});
