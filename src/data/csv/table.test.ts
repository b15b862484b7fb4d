import { describe, expect, test } from "vitest";
import { AttarError } from "../../engine/errors.ts";
import type { ReadOptions } from "../readOptions.ts";
import { layoutOf } from "./layout.ts";
import { CsvReader } from "./records.ts";
import { separatorOf } from "./separator.ts";
import { parseCsv, surveyFor } from "./table.ts";

type Cells = readonly (number | string)[];
const rows = (n: number, row: (i: number) => Cells) => Array.from({ length: n }, (_, i) => row(i).join(",")).join("\n");
/** Decimals without a pattern, different in each place. */
const decimal = (i: number, k = 0) => (((i * 37 + k * 11) % 97) / 97 + 0.001).toFixed(4);
const read = (text: string, options: ReadOptions = {}) => parseCsv(text, "f.csv", options);
const classes = (text: string, options?: ReadOptions) => [...new Set(read(text, options).labels)].sort();
const refusal = (text: string, options: ReadOptions = {}): AttarError => {
  try {
    read(text, options);
  } catch (error) {
    if (error instanceof AttarError) return error;
    throw error;
  }
  throw new Error("was read");
};

describe("the label column", () => {
  test.each([
    ["label wins over y", "x,y,label", (i: number) => [decimal(i), decimal(i, 1), i % 2], ["0", "1"]],
    ["class wins over target", "target,a,class", (i: number) => [decimal(i), decimal(i, 1), "ab"[i % 2]!], ["a", "b"]],
    ["y where there is no better", "y,a", (i: number) => [i % 3, decimal(i)], ["0", "1", "2"]],
    ["a label that holds decimals gives way", "label,class", (i: number) => [decimal(i), i % 2], ["0", "1"]],
    ["capitals", "a,Class Label", (i: number) => [decimal(i), i % 2], ["0", "1"]],
    ["the only column of texts", "id,kind,a", (i: number) => [900 + 7 * i, "MB"[i % 2]!, decimal(i)], ["B", "M"]],
    ["true and false", "a,b", (i: number) => [decimal(i), i % 2 === 0 ? "True" : "False"], ["False", "True"]],
  ] as const)("by name or kind: %s", (_, header, row, expected) => {
    expect(classes(`${header}\n${rows(20, row)}`)).toEqual(expected);
  });

  test.each([
    ["class first, whole numbers of many values last", (i: number) => [1 + (i % 3), decimal(i), 300 + 7 * i], 1],
    ["class last", (i: number) => [decimal(i), decimal(i, 1), i % 3], 3],
    ["class first, the last pixel of few values", (i: number) => [i % 10, (i * 7) % 256, [0, 0, 5, 38][i % 4]!], 1],
    ["class first, a constant last", (i: number) => [i % 10, (i * 7) % 256, 0], 1],
    ["texts first", (i: number) => ["xyz"[i % 3]!, i % 4, (i * 3) % 5], 1],
  ] as const)("without a header: %s", (_, row, column) => {
    const table = read(rows(200, row));
    expect(table.labelColumn).toMatch(new RegExp(`^column ${column}\\b`));
    expect(table.labels.length).toBe(200);
    expect(table.features).toBe(row(0).length - 1);
  });

  test("a first column of 0..100 as all others is a feature", () => {
    const table = read(rows(606, (i) => [i % 101, (i * 5) % 101, (i * 7) % 101, (i * 3) % 101, i % 10]));
    expect(table.labelColumn).toBe("column 5, the last one, of 10 values, unlike the others");
  });

  test("either end possible: refused, and either option that is named works", () => {
    const text = rows(30, (i) => [i % 2, decimal(i), i % 3]);
    const { message, hint, exitCode } = refusal(text);
    expect([message, hint, exitCode]).toEqual([
      "f.csv: the label may be column 1, of 2 values, or column 3, of 3.",
      "Say which: --label 1 or --label 3",
      2,
    ]);
    expect([classes(text, { label: "1" }).length, classes(text, { label: "3" }).length]).toEqual([2, 3]);
  });

  test.each([
    [
      "as many values as rows",
      "a,target",
      (i: number) => [decimal(i), 1000 + i],
      /column 2 \(target\).* 40 different values in 40 rows/,
    ],
    ["decimals", "a,label", (i: number) => [decimal(i), decimal(i, 1)], /column 2 \(label\).*decimals/],
    ["one value", "a,class", (i: number) => [decimal(i), 1], /column 2 \(class\).*same value/],
  ] as const)("a column that is no label is refused by name: %s", (_, header, row, message) => {
    const error = refusal(`${header}\n${rows(40, row)}`);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/--label \S+$/);
  });

  test("no column can be the label", () => {
    expect(refusal(rows(40, (i) => [decimal(i), decimal(i, 1)])).message).toMatch(/column 2 was taken.*decimals/);
  });

  test("--label by name, in any case, and by number; a wrong one lists the names", () => {
    const text = `a,kind,b\n${rows(20, (i) => [decimal(i), i % 2, decimal(i, 2)])}`;
    for (const label of ["kind", "KIND", "2"]) expect(read(text, { label }).columns).toEqual(["a", "b"]);
    expect(refusal(text, { label: "sort" }).message).toMatch(/no column "sort", they are "a", "kind", "b"/);
    expect(refusal(text, { label: "a" }).message).toMatch(/column 1 \(a\) cannot be the label: it holds decimals/);
  });

  test("1, 1.0 and 01 are one class", () => {
    expect(classes("a,label\n1,1\n2,1.0\n3,10.0\n4,01\n5,10\n6,2.0\n7,2")).toEqual(["1", "10", "2"]);
  });
});

describe("the header", () => {
  const numbered = (n: number) => rows(n, (i) => [decimal(i), decimal(i, 1), decimal(i, 2), i % 2]);
  test("numbers from 0 on are pandas' names", () => {
    const table = read(`0,1,2,3\n${numbered(40)}`);
    expect([table.labels.length, [...new Set(table.labels)], table.columns]).toEqual([40, ["0", "1"], ["0", "1", "2"]]);
    expect(table.notes.join()).toMatch(/line 1 counts 0, 1, 2/);
    expect(read(`0,1,2,3\n${numbered(40)}`, { header: false, label: "4" }).labels.length).toBe(41);
  });
  test("other numbers are data", () => expect(read(`5,1,2,0\n${numbered(40)}`).labels.length).toBe(41));
  test("texts above numbers are names, even of columns that nobody would call a label", () =>
    expect(read(`p,q,r,s\n${numbered(40)}`).columns).toEqual(["p", "q", "r"]));
  test("--header takes numbers for names", () =>
    expect(read(`400,410,420,7\n${numbered(40)}`, { header: true }).columns).toEqual(["400", "410", "420"]));
  test("NumPy's comment names the columns", () =>
    expect(read(`# a,b,c,label\n${numbered(40)}`)).toMatchObject({ columns: ["a", "b", "c"] }));
});

describe("columns that number the rows", () => {
  const table = (name: string, index: (i: number) => number) =>
    read(`${name},a,species\n${rows(40, (i) => [index(i), decimal(i), "uv"[i % 2]!])}`);
  test.each([
    ["pandas' index", "", (i: number) => i],
    ["pandas' index, read once before", "Unnamed: 0", (i: number) => i],
    ["a shuffled index", "", (i: number) => (i * 17) % 101],
    ["ids from 1", "Id", (i: number) => i + 1],
    ["ids without order", "patient_id", (i: number) => ((i * 7919) % 104729) + 10],
  ] as const)("%s is left out and said to be", (_, name, index) => {
    const { columns, notes } = table(name, index);
    expect(columns).toEqual(["a"]);
    expect(notes.join()).toMatch(/column 1.* is left out: it numbers the rows.*--drop none keeps it/);
  });
  test("an id that occurs twice, and a feature that counts, stay", () => {
    expect(table("id", (i) => i >> 1).columns).toEqual(["id", "a"]);
    expect(table("year", (i) => i).columns).toEqual(["year", "a"]);
  });
  test("without a header a first column that counts is left out", () => {
    const text = rows(40, (i) => [i, decimal(i), decimal(i, 1), i % 2]);
    expect([read(text).features, read(text, { drop: ["none"], label: "4" }).features]).toEqual([2, 3]);
  });
  test("--drop leaves out what it names and nothing else", () => {
    const text = `id,a,b,label\n${rows(40, (i) => [i, decimal(i), decimal(i, 1), i % 2])}`;
    expect(read(text, { drop: ["b"] }).columns).toEqual(["id", "a"]);
    expect(read(text, { drop: ["1", "b"] }).columns).toEqual(["a"]);
    expect(refusal(text, { drop: ["c"] }).message).toMatch(/no column "c"/);
  });
});

describe("columns of texts", () => {
  const text = `name,city,a,label\n${rows(20, (i) => [`n${i}`, "pq"[i % 2]!, decimal(i), i % 2])}`;
  test("are refused by one sentence; the options of its hint work", () => {
    const { message, hint } = refusal(text);
    expect(message).toBe(
      'f.csv: line 2, column 1 (name): "n0" is not a finite number (the label is column 4 (label)).',
    );
    expect(hint).toBe("Name the label or leave columns out: --label label --drop name,city");
    expect(read(text, { label: "label", drop: ["name", "city"] }).columns).toEqual(["a"]);
  });
  test("several that may be the label: which is not clear", () => {
    const two = `c,d,a\n${rows(20, (i) => ["pq"[i % 2]!, "rs"[i % 2]!, decimal(i)])}`;
    const { message, hint } = refusal(two);
    expect([message, hint]).toEqual([
      'f.csv: 2 columns hold texts ("column 1 (c)", "column 2 (d)"): which is the label is not clear.',
      "Name it and leave the others out: --label d --drop c",
    ]);
    expect(classes(two, { label: "d", drop: ["c"] })).toEqual(["r", "s"]);
  });
});

describe("what a CSV may look like", () => {
  test.each([
    ["blank lines, comments, empty cells at the end", "# x\na,b,label\n\n1,2,u\n# y\n3,4,v\n,,\n\n"],
    ["a byte order mark and CRLF", "\uFEFFa,b,label\r\n1,2,u\r\n3,4,v\r\n"],
    ["old line ends", "a,b,label\r1,2,u\r3,4,v"],
    ["semicolons", "a;b;label\n1;2;u\n3;4;v"],
    ["tabs", "a\tb\tlabel\n1\t2\tu\n3\t4\tv"],
    ["quotes", '"a","b","label"\n"1","2","u"\n"3", "4" ,"v"'],
    ["spaces", "a, b, label\n 1, 2,u \n3 ,4 , v"],
    ["a comma at the end of each line", "a,b,label,\n1,2,u,\n3,4,v,"],
    ["plus signs and exponents", "a,b,label\n+1,2e0,u\n.3e1,4.,v"],
  ])("%s", (_, text) => {
    const { values, columns, labels } = read(text);
    expect([[...values], columns, labels]).toEqual([
      [1, 2, 3, 4],
      ["a", "b"],
      ["u", "v"],
    ]);
  });

  test("quotes hold separators, quotes and line ends; lines are counted on", () => {
    const { labels } = read('a,label\n1,"x, ""y"""\n2,"two\nlines"\n');
    expect(labels).toEqual(['x, "y"', "two\nlines"]);
    expect(refusal('a,label\n1,"two\nlines"\nz,v\n').message).toMatch(/line 4, column 1 \(a\): "z"/);
  });

  test.each([
    ["uneven rows", "1,2,0\n1,2\n", "line 2 has 2 columns, line 1 has 3"],
    ["a missing value", "a,b,label\n1,,u\n2,3,v", "line 2, column 2 (b): a missing value is not a finite number"],
    ["a missing label", "a,label\n1,u\n2,\n3,v", "line 3 has no label (column 2)"],
    ["an open quote", 'a,label\n1,"u\n2,v', "a quoted cell is not closed"],
    ["a header alone", "a,label\n", "a header and no rows"],
    ["nothing", "\n\n", "empty"],
    ["one column", "1\n2\n", "one column"],
    ["another encoding", "\u0000a\u0000,\u0000b", "not UTF-8"],
    ["a number beyond float32", "a,label\n1e300,u\n2,v", "too large"],
    ["hexadecimal", "a,label\n0x10,u\n2,v", '"0x10" is not a finite number'],
  ])("refused: %s", (_, text, message) => expect(refusal(text).message).toContain(message));

  test("a comma may be the decimal sign where a semicolon separates", () =>
    expect([separatorOf("1,5;2,0;a\n1,0;3,5;b"), separatorOf('"a;b",c\n1,2'), separatorOf("a\n1")]).toEqual([
      ";",
      ",",
      undefined,
    ]));

  test("the same from pieces of any size", () => {
    const text = 'a,"b,c",label\n1,2,"x\ny"\r\n3.5,4,z\n# note\n,,\n5,-6e1,"x\ny"\n7,8,z\n';
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 3, 7, 100]) {
      const survey = surveyFor({});
      const reader = new CsvReader("f", survey.record, survey.remark);
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      reader.end();
      const { rows: count, columns } = layoutOf(survey, reader.separator, "f", {});
      expect([count, columns[1]!.low, columns[0]!.high, [...columns[2]!.values!.keys()]], `pieces of ${size}`).toEqual([
        4,
        -60,
        7,
        ["x\ny", "z"],
      ]);
    }
  });
});
