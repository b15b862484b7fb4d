import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { condense } from "../../condense/index.ts";
import { coresetAsSet } from "../../evaluate/index.ts";
import { methodNamed, methods } from "../../methods/index.ts";
import { encodeCondensed, parseCondensed } from "../condensedSet.ts";
import type { CondensedSet, Dataset } from "../dataset.ts";
import { encodeCsv } from "../encodeCsv.ts";
import { exportLosses } from "../exportLosses.ts";
import { featureNames } from "../table/preparation.ts";
import { encodeTableParquet } from "./encodeTableParquet.node.ts";
import { load } from "./load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-mixed-"));
});
afterAll(() => rm(root, { recursive: true }));

let files = 0;
async function write(content: string, name = `t${files++}.csv`): Promise<string> {
  await writeFile(join(root, name), content);
  return join(root, name);
}

const cities = ["Bern", "Oslo, N", "", "Rome"];
/** Rows of every kind of column: whole numbers, decimals, missing ones, texts, truth values; the label is not the last. */
const lines = Array.from({ length: 40 }, (_, i) => {
  const city = cities[i % 4]!;
  const quoted = city.includes(",") ? `"${city}"` : city;
  return `${20 + ((i * 7) % 50)},${quoted},${i % 3 === 0 ? "yes" : "no"},${i % 5 === 0 ? "" : (i * 1.25).toFixed(2)},${i % 2 === 0}`;
});
const mixed = (rows = lines) => `age,city,bought,income,member\n${rows.join("\n")}\n`;
const asLines = (set: CondensedSet) => new TextDecoder().decode(encodeCsv(set)).trimEnd().split("\n");
const rowOf = ({ train, shape }: Dataset, i: number) => [...train.images.subarray(i * shape[0], (i + 1) * shape[0])];

describe("a table of numbers, categories and missing values", () => {
  test("becomes features that say what they are", async () => {
    const set = await load(await write(mixed()), { label: "bought" });
    expect([set.domain.kind, set.classes, featureNames(set.table!)]).toEqual([
      "table",
      ["no", "yes"],
      [
        "age",
        "city=Bern",
        "city=Oslo, N",
        "city=Rome",
        "city=",
        "income",
        "income missing",
        "member=false",
        "member=true",
      ],
    ]);
    expect(rowOf(set, 0)).toEqual([20, 1, 0, 0, 0, 23.75, 1, 0, 1]); // 23.75: the lower median of the incomes there are
    expect(rowOf(set, 2)).toEqual([34, 0, 0, 0, 1, 2.5, 0, 0, 1]);
    const { mean, std } = set.normalisation;
    expect([mean.slice(1, 5), std.slice(1, 5), mean[6], std[6]]).toEqual([[0, 0, 0, 0], [1, 1, 1, 1], 0, 1]);
    expect(std[0]).toBeGreaterThan(10);
    expect(set.reading?.notes).toEqual([
      "the label is column 3 (bought), as --label says",
      'categories are one-hot, 6 features: "city", "member"',
      'missing values are imputed by the median, and a feature says where: "income"',
      'missing categories are a level of their own: "city"',
    ]);
  });

  test("all rows come back in their columns and units, exactly", async () => {
    const path = await write(mixed());
    const set = await coresetAsSet(await load(path, { label: "bought" }), "full", 1, 0);
    expect(asLines(set)).toEqual(
      mixed(lines.map((line) => line.replace(/(\.\d)0,/, "$1,").replace(/\.0,/, ",")))
        .trimEnd()
        .split("\n"),
    );
    const again = parseCondensed(encodeCondensed(set), "a set");
    expect([again.table, asLines(again)]).toEqual([set.table, asLines(set)]);
  });

  test("Parquet has the same columns, with types and nulls", async () => {
    const set = await coresetAsSet(await load(await write(mixed()), { label: "bought" }), "full", 1, 0);
    const { buffer } = encodeTableParquet(set);
    const rows = await parquetReadObjects({ file: buffer as ArrayBuffer });
    expect(rows.slice(0, 3)).toEqual([
      { age: 20n, city: "Bern", bought: "yes", income: null, member: "true" },
      { age: 27n, city: "Oslo, N", bought: "no", income: 1.25, member: "false" },
      { age: 34n, city: null, bought: "no", income: 2.5, member: "true" },
    ]);
    expect(exportLosses(set, "parquet")).toEqual([
      "parquet does not hold shares of categories: the largest is kept; --to npz, huggingface and pytorch keep everything",
    ]);
  });

  test("nothing is fitted on rows that are held out", async () => {
    const path = await write(mixed());
    const options = { label: "bought", testShare: 0.3 };
    const held = await load(path, options);
    // Values of the rows in the test split become absurd: what was fitted stays.
    const ages = (split: Float32Array | Uint8Array) => [...split].filter((_, i) => i % held.shape[0] === 0);
    const [own, other] = [ages(held.train.images), ages(held.test.images)];
    expect([own.length, other.length]).toEqual([28, 12]);
    const all = lines.map((line) => Number(line.split(",")[0]));
    const tested = all.flatMap((age, i) => (own.filter((v) => v === age).length === 0 ? [i] : []));
    expect(tested.length).toBeGreaterThan(0);
    const spoilt = lines.map((line, i) => (tested.includes(i) ? line.replace(/^\d+,/, "9999,") : line));
    const again = await load(await write(mixed(spoilt)), options);
    expect([again.normalisation.mean, again.normalisation.std, again.table]).toEqual([
      held.normalisation.mean,
      held.normalisation.std,
      held.table,
    ]);
    expect([...again.test.images]).not.toEqual([...held.test.images]);
  });

  test("a level and a missing value that only the test split has are said, and are no feature", async () => {
    const path = await write("a,b,label\n1,x,0\n2,y,1\n3,x,0\n4,y,1\n", "u_train.csv");
    await write("a,b,label\n,z,1\n5,x,0\n", "u_test.csv");
    const set = await load(path);
    expect([...set.test.images]).toEqual([2, 0, 0, 5, 1, 0]);
    expect(set.reading?.notes).toContain(
      'values that the training split does not have are of no level in the test split: "b"',
    );
  });

  test("numbers that are categories, by name", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${1 + (i % 3)},${i}.5,${i % 2}`).join("\n");
    const set = await load(await write(`month,b,label\n${rows}\n`), { categories: ["month"] });
    expect(featureNames(set.table!)).toEqual(["month=1", "month=2", "month=3", "b"]);
  });

  test("numbers to predict, beside categories", async () => {
    const set = await load(await write(mixed()), { label: "age", target: "values", testShare: 0.25 });
    expect([set.target!.names, set.test.values!.length]).toEqual([["age"], 10]);
    const [header, first] = asLines(await coresetAsSet(set, "random", 1, 0));
    expect(header).toBe("age,city,bought,income,member");
    expect(Number.isInteger(Number(first!.split(",")[0]))).toBe(true);
  });

  test.each([
    [
      "a stray text",
      "a,b,label\n1,2,x\n2,n.v.,y\n3,4,x\n",
      {},
      /line 3, column 2 \(b\): "n\.v\." is not a finite number, as 2 other cells/,
      /--drop b; or .*--categories b/,
    ],
    [
      "an infinity",
      "a,b,label\n1,2,x\n2,inf,y\n3,4,x\n",
      {},
      /line 3 or below, column 2 \(b\): an infinite value/,
      /--drop b/,
    ],
    ["an empty column", "a,b,label\n1,,x\n2,,y\n3,,x\n", {}, /column 2 \(b\) is empty/, /--drop b/],
    [
      "too many levels",
      `a,b,label\n${Array.from({ length: 120 }, (_, i) => `${i},n${i},${i % 2}`).join("\n")}\n`,
      {},
      /column 2 \(b\) has 120 different values in 120 rows, .* at most 100/,
      /--drop b/,
    ],
    ["no such column", "a,b,label\n1,2,x\n2,3,y\n", { categories: ["c"] }, /there is no column "c"/, /--categories/],
    [
      "a series that lacks values",
      "a,b,label\n1,2,0\n3,,1\n",
      { domain: "series" as const },
      /line 3, column 2 \(b\): a missing value/,
      /--drop b/,
    ],
  ])("%s is refused", async (_, content, options, message, hint) => {
    await expect(load(await write(content), options)).rejects.toMatchObject({
      code: "bad-data",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});

test.each(methods.map(({ name }) => name))(
  "%s condenses a mixed table, or says why not",
  async (name) => {
    const data = await load(await write(mixed()), { label: "bought", testShare: 0.25 });
    try {
      for await (const event of condense(data, methodNamed(name), {
        ipc: 1,
        steps: 1,
        network: { name: "mlp", options: { width: 8 } },
      }))
        if (event.event === "done") expect(asLines(event.set)[0]).toBe("age,city,bought,income,member");
    } catch (error) {
      expect(error).toMatchObject({ name: "AttarError", exitCode: 2 });
    }
  },
  60_000,
);
