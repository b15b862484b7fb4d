import { expect, test } from "vitest";
import { lines, workplace } from "./attar.ts";

const { attar } = workplace();

test("the taxonomy is machine-readable", async () => {
  const list = JSON.parse((await attar("methods", "--json")).stdout);
  const keys = [
    "name",
    "title",
    "citation",
    "discrepancy",
    "matchingSpace",
    "optimizedSpace",
    "hypotheses",
    "tricks",
    "formula",
  ];
  for (const method of list) expect(Object.keys(method)).toEqual(keys);
  expect(JSON.parse((await attar("methods", "dm", "--json")).stdout)).toEqual([
    {
      ...list[0],
      options: expect.arrayContaining([expect.objectContaining({ path: "discrepancy.norm", value: "squared" })]),
    },
  ]);
  const markdown = (await attar("methods", "--markdown")).stdout.trim().split("\n");
  expect(markdown).toHaveLength(list.length + 2);
  for (const line of markdown) expect(line).toMatch(/^\|.*\|$/);
});

test("methods and their parts are cited as BibTeX, and as JSON", async () => {
  const { code, stdout, stderr } = await attar("cite", "dm", "dm", "idc", "--on", "cifar-10");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^% method dm\n@inproceedings\{zhao2023dataset,\n {2}author = \{B\. Zhao and H\. Bilen\},\n/);
  expect(stdout.match(/^@/gm)).toHaveLength(new Set(stdout.match(/^@.*$/gm)).size);
  expect(stdout).toContain("yun2019cutmix");
  const all = await attar("cite", "--on", "mnist", "--json");
  expect([all.code, all.stderr]).toEqual([0, expect.stringContaining("attar cite dm idc")]);
  const entries: { key: string }[] = JSON.parse(all.stdout);
  expect(entries[0]).toEqual({
    key: "zhao2023dataset",
    type: "inproceedings",
    fields: {
      author: "B. Zhao and H. Bilen",
      title: "Dataset Condensation with Distribution Matching",
      booktitle: "WACV",
      year: "2023",
    },
    parts: ["method dm"],
  });
  expect(entries.map(({ key }) => key)).toContain("cochran1977sampling");
  expect(entries.map(({ key }) => key)).not.toContain("yun2019cutmix");
  const wrong = await attar("cite", "dmm");
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('did you mean "dm"?')]);
});

test("every command has help with an example, and so has none", async () => {
  const commands = [
    [],
    ["condense"],
    ["evaluate"],
    ["methods"],
    ["cite"],
    ["data"],
    ["data", "list"],
    ["data", "info"],
  ];
  for (const command of [...commands, ["data", "pull"], ["export"], ["schema"]]) {
    const { code, stdout, stderr } = await attar(...command, "--help");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Usage: attar");
    expect(stdout).toContain("Example:\n  $ attar");
  }
  const bare = await attar();
  expect(bare.code).toBe(0);
  expect(bare.stdout + bare.stderr).toContain("Usage: attar");
});

test("datasets are listed and described", async () => {
  const list = JSON.parse((await attar("data", "list", "--json")).stdout);
  expect(list[0]).toEqual({ name: "digits", here: true, where: "embedded" });
  const { code, stdout } = await attar("data", "info", "digits", "--json");
  expect(code).toBe(0);
  const info = lines(stdout)[0];
  expect(info).toMatchObject({ name: "digits", shape: [1, 8, 8], checksum: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(info.train + info.test).toBe(1797);
});

test("the schema is JSON", async () => {
  const { stdout } = await attar("schema");
  expect(JSON.parse(stdout)).toMatchObject({ type: "object", additionalProperties: false });
});
