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
    "objective",
  ];
  for (const method of list) expect(Object.keys(method)).toEqual(keys);
  expect(JSON.parse((await attar("methods", "dm", "--json")).stdout)).toEqual([list[0]]);
  const markdown = (await attar("methods", "--markdown")).stdout.trim().split("\n");
  expect(markdown).toHaveLength(list.length + 2);
  for (const line of markdown) expect(line).toMatch(/^\|.*\|$/);
});

test("methods and their parts are cited as BibTeX, and as JSON", async () => {
  const { code, stdout, stderr } = await attar("cite", "dm", "dm", "dc");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^% method dm\n@inproceedings\{zhao2023dataset,\n {2}author = \{B\. Zhao and H\. Bilen\},\n/);
  expect(stdout.match(/^@/gm)).toHaveLength(new Set(stdout.match(/^@.*$/gm)).size);
  const entries = JSON.parse((await attar("cite", "dm", "dc", "--json")).stdout);
  expect(entries.map((e: { key: string }) => e.key)).toEqual(stdout.match(/(?<=^@.*\{).*(?=,$)/gm));
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
  expect((await attar("cite", "idc", "--on", "cifar-10")).stdout).toContain("yun2019cutmix");
  expect((await attar("cite", "idc", "--on", "mnist")).stdout).not.toContain("yun2019cutmix");
  expect((await attar("cite", "idc", "--on", "cifar10")).stderr).toContain('did you mean "cifar-10"?');
  const all = await attar("cite");
  expect([all.code, all.stderr]).toEqual([0, expect.stringContaining("attar cite dm idc")]);
  expect(all.stdout).toContain("@book{cochran1977sampling,");
  expect((await attar("cite", "dmm")).stderr).toContain('did you mean "dm"?');
  expect((await attar("cite", "dmm")).code).toBe(2);
  expect((await attar("cite", "dm", "--preset", "large")).code).toBe(2);
  expect((await attar("methods", "dm")).stdout).toMatch(/^cite +attar cite dm$/m);
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
