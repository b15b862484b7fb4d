import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/fixtures/files/temporaryFolder.ts";
import { coresetAsSet } from "../../evaluate/index.ts";
import { encodeCsv } from "../encodeCsv.ts";
import { encodeNpz } from "../formats/npz.ts";
import { featureNames } from "../table/preparation.ts";
import { exportSet } from "./exportSet.node.ts";
import { load } from "./load.node.ts";

const folder = temporaryFolder();
const { write } = folder;

const weather = (rows: string) => `% a comment
@RELATION weather

@attribute outlook {sunny, overcast, 'light rain'}
@attribute temperature real
@ATTRIBUTE 'is windy' {TRUE,FALSE}
@attribute play {yes, no}

@data
${rows}
`;

describe("ARFF", () => {
  test("levels, quotes, missing values, and the last nominal attribute as the label", async () => {
    const set = await load(
      await write(
        "weather.arff",
        weather("sunny,85,FALSE,no\n'light rain', 70.5, TRUE, yes\novercast,?,FALSE,yes\nsunny,80,TRUE,no"),
      ),
    );
    expect([set.name, set.classes, featureNames(set.table!)]).toEqual([
      "weather",
      ["no", "yes"],
      [
        "outlook=light rain",
        "outlook=overcast",
        "outlook=sunny",
        "temperature",
        "temperature missing",
        "is windy=FALSE",
        "is windy=TRUE",
      ],
    ]);
    expect([...set.train.images.subarray(7, 14)]).toEqual([1, 0, 0, 70.5, 0, 0, 1]);
    expect(set.reading).toMatchObject({ format: "ARFF", labels: "column 4 (play), the last nominal attribute" });
  });

  test("sparse rows, weights, and nominal numbers as categories", async () => {
    const text =
      "@relation s\n@attribute a {0,1,2}\n@attribute b numeric\n@attribute class {x,y}\n@data\n{1 2.5}\n{0 2, 2 y}, {3}\n1,4,y\n2,1,x\n";
    const set = await load(await write("sparse.arff", text));
    expect([featureNames(set.table!), [...set.train.images], [...set.train.labels]]).toEqual([
      ["a=0", "a=1", "a=2", "b"],
      [1, 0, 0, 2.5, 0, 0, 1, 0, 0, 1, 0, 4, 0, 0, 1, 1],
      [0, 1, 1, 0],
    ]);
  });

  test.each([
    [
      "a level that is not listed",
      weather("windy,85,FALSE,no"),
      /line 10, attribute 1 \(outlook\): "windy" is none of its 3 levels/,
    ],
    ["a short row", weather("sunny,85,FALSE"), /line 10 has 3 values, the header names 4 attributes/],
    ["no data", "@relation x\n@attribute a real\n", /has no @data line/],
    ["a header that is none", "a,b\n1,2\n", /line 1: "a,b" is not expected above @data/],
    [
      "a text among numbers",
      weather("sunny,hot,FALSE,no\nsunny,85,TRUE,yes\nsunny,86,TRUE,no"),
      /line 10, column 2 \(temperature\): "hot" is not a finite number/,
    ],
  ])("%s is refused", async (_, content, message) => {
    await expect(load(await write(`r${Math.random()}.arff`, content))).rejects.toMatchObject({
      code: "bad-data",
      message: expect.stringMatching(message),
    });
  });
});

describe("arrays", () => {
  const x = (n: number) => ({
    shape: [n, 2],
    data: Float32Array.from({ length: 2 * n }, (_, i) => (i === 3 ? Number.NaN : i + 0.5)),
  });
  const y = (n: number) => ({ shape: [n], data: Int32Array.from({ length: n }, (_, i) => i % 2) });

  test("NaN is a missing value, and feature_names names the columns", async () => {
    const arrays = { x_train: x(4), y_train: y(4), x_test: x(2), y_test: y(2), feature_names: ["wide", "high"] };
    const set = await load(await write("lacking.npz", encodeNpz(arrays)));
    expect([featureNames(set.table!), [...set.train.images.subarray(3, 6)], [...set.test.images]]).toEqual([
      ["wide", "high", "high missing"],
      [2.5, 5.5, 1],
      [0.5, 1.5, 0, 2.5, 5.5, 1],
    ]);
    const csv = new TextDecoder().decode(encodeCsv(await coresetAsSet(set, "full", 1, 0)));
    expect(csv.split("\n").slice(0, 3).sort()).toEqual(["0.5,1.5,0", "2.5,,1", "wide,high,y_train"].sort());
  });

  test("a share of them is not held out after imputing", async () => {
    const path = await write("share.npz", encodeNpz({ x: x(8), y: y(8) }));
    await expect(load(path, { testShare: 0.25 })).rejects.toThrow(/lacks values/);
  });
});

describe("Parquet", () => {
  const table = (n: number, more: readonly { name: string; data: unknown[]; type?: "TIMESTAMP" }[] = []) =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "age", data: Array.from({ length: n }, (_, i) => 20 + i), type: "INT32" },
          { name: "income", data: Array.from({ length: n }, (_, i) => (i % 4 === 3 ? null : i / 2)), type: "DOUBLE" },
          { name: "city", data: Array.from({ length: n }, (_, i) => (i % 3 === 0 ? "Bern" : "Oslo")), type: "STRING" },
          { name: "member", data: Array.from({ length: n }, (_, i) => i % 5 === 0), type: "BOOLEAN" },
          { name: "label", data: Array.from({ length: n }, (_, i) => ["a", "b"][i % 2]!), type: "STRING" },
          ...more,
        ],
      }),
    );

  test("numbers, texts, truth values and nulls; dates are left out and said to be", async () => {
    const when = { name: "when", data: Array.from({ length: 24 }, (_, i) => new Date(i)), type: "TIMESTAMP" as const };
    const set = await load(await write("people.parquet", table(24, [when])), { testShare: 0.25 });
    expect([featureNames(set.table!), set.classes, set.test.labels.length]).toEqual([
      ["age", "income", "income missing", "city=Bern", "city=Oslo", "member=False", "member=True"],
      ["a", "b"],
      6,
    ]);
    expect(set.reading?.notes).toContain("the column when is left out: it holds dates and times");
  });

  test("the Hub's layout, and its test split", async () => {
    await write("hub/data/train-00000-of-00002.parquet", table(8));
    await write("hub/data/train-00001-of-00002.parquet", table(6));
    await write("hub/data/test-00000-of-00001.parquet", table(4));
    const set = await load(join(folder.path, "hub"));
    expect([set.name, set.train.labels.length, set.test.labels.length]).toEqual(["hub", 14, 4]);
  });

  test("an export is read again as the table that it was", async () => {
    const set = await load(await write("again.parquet", table(12)));
    const [path] = await exportSet(await coresetAsSet(set, "full", 1, 0), "parquet", join(folder.path, "out"));
    const again = await load(path!);
    expect([again.checksum, again.table]).toEqual([set.checksum, set.table]);
  });

  test("a label that is not there", async () => {
    await expect(load(await write("no.parquet", table(4)), { label: "colour" })).rejects.toMatchObject({
      code: "bad-data",
      message: expect.stringMatching(/there is no column "colour", they are "age", "income"/),
    });
  });
});
