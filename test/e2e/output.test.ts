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

test("every command has help with an example, and so has none", async () => {
  const commands = [[], ["condense"], ["evaluate"], ["methods"], ["data"], ["data", "list"], ["data", "info"]];
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
