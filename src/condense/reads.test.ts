import { describe, expect, test } from "vitest";
import { cheapRun } from "../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { type RealReader, readerOf, refusing } from "../data/reader.ts";
import { methods } from "../methods/index.ts";
import { condense } from "./condense.ts";

const data = await tinyDataset();

/** A reader that keeps account of what is read through it. */
function counted(reader: RealReader) {
  const reads: string[] = [];
  const counting: RealReader = {
    ...reader,
    sum(statistic, choice) {
      reads.push("sum");
      return reader.sum(statistic, choice);
    },
    rows(view, choice) {
      reads.push("rows");
      return reader.rows(view, choice);
    },
    batch(purpose, choice) {
      reads.push("batch");
      return reader.batch(purpose, choice);
    },
    fit(training) {
      reads.push("fit");
      return reader.fit(training);
    },
  };
  return { reads, counting };
}

describe.each(methods.map((method) => [method.name, method] as const))("%s", (_, method) => {
  test("fails before it has read T where every read is refused", async () => {
    // Nothing but counts: whatever went around the reader would find no image.
    const hidden = { ...data, train: { images: new Uint8Array(0), labels: data.train.labels } };
    const { reads, counting } = counted(refusing(readerOf(data), "choose another method"));
    const run = async () => {
      const options = { ...cheapRun(method), reader: counting };
      for await (const event of condense(hidden, method, options)) if (event.event === "step") return event.step;
      return "done";
    };
    await expect(run()).rejects.toMatchObject({
      code: "refused-read",
      exitCode: 2,
      message: expect.stringContaining("of tiny, and this run may not read it"),
    });
    expect(reads).toHaveLength(1);
  });
});

test("a method reads initial images, and then sums where it matches, rows where it chooses, training where it draws experts", async () => {
  const kinds = new Map<string, string[]>();
  for (const method of methods.filter(({ name }) => ["dm", "mtt", "herding", "wmdd", "kip"].includes(name))) {
    const { reads, counting } = counted(readerOf(data));
    for await (const _ of condense(data, method, { ...cheapRun(method), reader: counting }));
    kinds.set(method.name, [...new Set(reads)].sort());
  }
  expect(Object.fromEntries(kinds)).toEqual({
    dm: ["batch", "sum"],
    herding: ["batch", "rows"],
    kip: ["batch"],
    mtt: ["batch", "fit"],
    wmdd: ["batch", "fit", "rows", "sum"],
  });
});

test("a sum states its sensitivity: a bound that no sample passes where functions are bounded, infinity elsewhere", async () => {
  const stated = new Map<string, number>();
  const shares: number[] = [];
  const reader = readerOf(data);
  const noting: RealReader = {
    ...reader,
    async sum(statistic, choice) {
      stated.set(method, statistic.sensitivity);
      const one = await reader.batch("a sample a class", { classes: [0, 1, 2], positions: [[0], [0], [0]] });
      const { parts, rows } = statistic.summands!;
      const length = (await parts()).reduce((sum, part) => sum + part.length, 0);
      for await (const values of rows(one))
        for (let at = 0; at < values.length && Number.isFinite(statistic.sensitivity); at += length)
          shares.push(Math.hypot(...values.subarray(at, at + length)) / statistic.sensitivity);
      return reader.sum(statistic, choice);
    },
  };
  let method = "";
  for (const record of methods.filter(({ name }) => ["dm", "cfm"].includes(name))) {
    method = record.name;
    for await (const _ of condense(data, record, { ...cheapRun(record), steps: 1, reader: noting }));
  }
  expect(stated.get("dm")).toBe(Number.POSITIVE_INFINITY);
  expect(stated.get("cfm")).toBeGreaterThan(0);
  expect(shares.length).toBe(3);
  // cos² + sin² is 1: the bound is reached.
  for (const share of shares) expect(share).toBeCloseTo(1, 4);
});
