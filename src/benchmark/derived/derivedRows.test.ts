import { describe, expect, test } from "vitest";
import { scored } from "../../../test/fixtures/reportRows.ts";
import { parseObjective } from "../objectives/registry.ts";
import type { Row } from "../rows/row.ts";
import type { Circumstances } from "./derivation.ts";
import { type DerivedObjective, derivedRows } from "./derivedRows.ts";
import type { Pending } from "./numbers.ts";

const of = (subject: string, value: number, more: Partial<Row> = {}): Row => {
  const { seed = 0, network = "convnet", protocol = "field" } = more;
  const cell = `${subject}/digits/ipc1/seed${seed}/${network}/${protocol}`;
  return scored(subject, value, { method: subject, seed, network, protocol, cell, ...more });
};
const full = (value: number, more: Partial<Row> = {}) =>
  of("full", value, { ipc: null, seed: null, protocol: "full", method: null, cell: "full/digits/convnet", ...more });

const circumstances: Circumstances = {
  protocols: [{ name: "field" }, { name: "plain", augmentation: "none" }],
  readings: [],
  condensedOn: ({ subject }) => (subject === "random" ? { none: "no network" } : { network: "convnet" }),
  testImages: () => 100,
  readingSeconds: () => undefined,
};

const objective = (text: string): DerivedObjective => {
  const { name, options = {} } = parseObjective(text);
  return { name, options };
};

const derive = (
  text: string,
  rows: readonly Row[],
  more: Partial<Circumstances> = {},
  pending: readonly Pending[] = [],
): readonly Row[] => derivedRows([objective(text)], rows, pending, { ...circumstances, ...more });

/** The rows of a subject, by metric. */
const by = (rows: readonly Row[], subject: string) =>
  Object.fromEntries(rows.filter((row) => row.subject === subject).map((row) => [row.metric, row]));

describe("cross-architecture", () => {
  const rows = [
    of("dm", 0.8),
    of("dm", 1, { repeat: 1 }),
    of("dm", 0.7, { network: "mlp" }),
    of("dm", 0.8, { network: "lenet" }),
    of("random", 0.5),
  ];

  test("is the mean, the worst and the drop of a set, not of a network", () => {
    const found = by(derive("cross-architecture", rows), "dm");
    expect(found["cross-architecture"]!.value).toBeCloseTo(0.75, 12);
    expect(found["cross-architecture.worst"]!.value).toBeCloseTo(0.7, 12);
    expect(found["cross-architecture.drop"]!.value).toBeCloseTo(0.15, 12);
    expect(found["cross-architecture"]).toMatchObject({
      ...{ cell: "dm/digits/ipc1/seed0", network: null, protocol: "field", status: "ok" },
      ...{ objective: "cross-architecture", key: null, parents: "k1", repeat: null },
    });
    expect(found["cross-architecture.drop"]).toMatchObject({ unit: "difference", better: "lower" });
  });

  test("of what was condensed on no network there is none, nor while a network is missing", () => {
    expect(derive("cross-architecture", rows).find(({ subject }) => subject === "random")).toMatchObject({
      ...{ status: "absent", value: null, reason: "no network" },
    });
    const place = { subject: "dm", dataset: "digits", ipc: 1, seed: 0, network: "vgg", protocol: "field" };
    const waiting = derive("cross-architecture", rows, {}, [{ ...place, cell: "dm/digits/ipc1/seed0/vgg/field" }]);
    expect(by(waiting, "dm")["cross-architecture"]).toMatchObject({
      ...{ status: "absent", reason: "dm/digits/ipc1/seed0/vgg/field is not computed yet" },
    });
    const failed = [...rows, of("dm", 0, { network: "vgg", value: null, status: "failed", reason: "it burnt" })];
    expect(by(derive("cross-architecture", failed), "dm")["cross-architecture"]).toMatchObject({
      ...{ status: "absent", reason: "dm/digits/ipc1/seed0/vgg/field has no accuracy: it burnt" },
    });
    const foreign = derive("cross-architecture", rows, { condensedOn: () => ({ network: "vgg" }) });
    expect(by(foreign, "dm")["cross-architecture"]!.reason).toMatch(/its own network, vgg, is not among/);
  });
});

describe("gains", () => {
  // DD-Ranking's figures: IOR .05 and HLR .40 come to 20.0637 of 100.
  const rows = [full(0.9), of("dm", 0.5), of("random", 0.4), of("random", 0.5, { seed: 1 })];

  test("are against the full data and the mean of all random subsets", () => {
    expect(by(derive("hard-label-recovery", rows), "dm")["hard-label-recovery"]!.value).toBeCloseTo(0.4, 12);
    const improvement = by(derive("improvement-over-random", rows), "dm")["improvement-over-random"]!;
    expect(improvement.value).toBeCloseTo(0.05, 12);
    expect(improvement.cell).toBe("dm/digits/ipc1/seed0/convnet/field");
    const score = by(derive("label-robust-score", rows), "dm")["label-robust-score"]!;
    expect(100 * score.value!).toBeCloseTo(20.0637, 4);
  });

  test("are absent with the reason, never over what is left", () => {
    const alone = by(derive("label-robust-score", [of("dm", 0.5)]), "dm")["label-robust-score"]!;
    expect(alone).toMatchObject({ status: "absent", value: null });
    expect(alone.reason).toBe(
      'no networks on the full data: "reference": true in the study; no random subsets: "random" in "methods"',
    );
    const place = { subject: "random", dataset: "digits", ipc: 1, seed: 2, network: "convnet", protocol: "field" };
    const waiting = derive("improvement-over-random", rows, {}, [{ ...place, cell: "random/2" }]);
    expect(by(waiting, "dm")["improvement-over-random"]!.reason).toBe("random/2 is not computed yet");
    expect(by(waiting, "random")["improvement-over-random"]!.reason).toMatch(/random subset that others/);
    const diverged = of("dm", 0, { seed: 3, value: null, status: "blocked", reason: "its set: diverged" });
    expect(derive("hard-label-recovery", [full(0.9), diverged])).toMatchObject([
      { status: "blocked", value: null, reason: "its set: diverged", metric: "hard-label-recovery" },
    ]);
  });
});

test("the augmentation-robust score takes one protocol without augmentation", () => {
  const rows = [
    ...[of("dm", 0.6), of("random", 0.55)],
    ...[of("dm", 0.5, { protocol: "plain" }), of("random", 0.4, { protocol: "plain" })],
  ];
  const found = derive("augmentation-robust-score", rows).filter(({ subject }) => subject === "dm");
  expect(found.length).toBe(1);
  expect(100 * found[0]!.value!).toBeCloseTo(30.2078, 4);
  expect(found[0]!.protocol).toBe("field");
  const none = derive("augmentation-robust-score", rows, { protocols: [{ name: "field" }] });
  expect(none[0]!.reason).toMatch(/^no protocol without augmentation/);
});

describe("mean corruption error", () => {
  const values = (subject: string, each: Readonly<Record<string, number>>) =>
    Object.entries(each).map(([name, value]) =>
      of(subject, value, { objective: "corruption", metric: name === "corruption" ? name : `corruption.${name}` }),
    );
  const rows = [
    ...[of("dm", 0.9), of("random", 0.9)],
    ...values("dm", { corruption: 0.7, clean: 0.9, drop: 0.2, noise: 0.85, blur: 0.6 }),
    ...values("random", { corruption: 0.65, clean: 0.9, drop: 0.25, noise: 0.7, blur: 0.6 }),
  ];
  const readings = [{ name: "corruption", reading: { name: "corruption", options: {} } }];

  test("is of errors over the baseline's, and relative to clean ones", () => {
    const found = by(derive("mean-corruption-error", rows, { readings }), "dm");
    expect(found["mean-corruption-error"]!.value).toBeCloseTo((0.5 + 1) / 2, 12);
    expect(found["mean-corruption-error.relative"]!.value).toBeCloseTo((0.05 / 0.2 + 1) / 2, 12);
    const other = by(derive("mean-corruption-error:baseline=dm", rows, { readings }), "random");
    expect(other["mean-corruption-error:baseline=dm"]!.value).toBeCloseTo((2 + 1) / 2, 12);
  });

  test("needs the reading and the baseline", () => {
    expect(derive("mean-corruption-error", rows)[0]!.reason).toMatch(/^no accuracy on spoiled images/);
    const lost = derive("mean-corruption-error:baseline=kip", rows, { readings });
    expect(lost[0]!.reason).toBe('no baseline: the study has no "kip"');
    expect(() => parseObjective("mean-corruption-error:base=kip")).toThrow(
      expect.objectContaining({ code: "unknown-objective", exitCode: 2 }),
    );
    expect(() => parseObjective("cross-architecture:a=b")).toThrow("takes no options");
  });
});

describe("BEARD's columns", () => {
  // BACON on CIFAR-10 with 50 images a class, as in the log that its repository ships.
  const attacks = ["fgsm", "bim", "pgd", "deepfool", "cw", "autoattack"];
  const accuracies = [0.3816, 0.2886, 0.508, 0.1828, 0.0831, 0.27];
  const seconds = [3.68, 12.21, 9.18, 2374.8, 76.49, 968.53];
  const readings = attacks.map((name) => ({ name, reading: { name, options: { images: 100 } } }));
  const rows = [
    of("dm", 0.6995),
    ...attacks.flatMap((name, i) => [
      of("dm", accuracies[i]!, { metric: name, objective: name }),
      of("dm", 0.6995, { metric: `${name}.clean`, objective: name }),
    ]),
  ];
  const readingSeconds = () => ({
    accuracy: 2.31,
    ...Object.fromEntries(attacks.map((name, i) => [name, seconds[i]!])),
  });

  test("are those of its own log, and those of seconds say so", () => {
    const values = (text: string) => derive(text, rows, { readings, readingSeconds });
    expect(100 * values("robustness-ratio")[0]!.value!).toBeCloseTo(32.87, 2);
    expect(100 * values("attack-efficiency")[0]!.value!).toBeCloseTo(24.1, 2);
    expect(100 * values("robustness-efficiency-index")[0]!.value!).toBeCloseTo(28.48, 2);
    expect(values("attack-efficiency")[0]).toMatchObject({ status: "ok", reason: expect.stringMatching(/wall time/) });
  });

  test("are absent where no attack was read or timed, or on other images", () => {
    expect(derive("robustness-ratio", rows)[0]!.reason).toMatch(/^no attack/);
    expect(derive("attack-efficiency", rows, { readings })[0]!.reason).toMatch(/were not timed/);
    const other = rows.map((row) => (row.metric === "cw.clean" ? { ...row, value: 0.7 } : row));
    expect(derive("robustness-ratio", other, { readings })[0]!.reason).toMatch(/different images/);
  });
});
