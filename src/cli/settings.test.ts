import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { AttarError } from "../engine/errors.ts";
import { markdownTable } from "./output.ts";
import { readSettings, settingsJsonSchema, settingsRows, settingsSchema } from "./settings.ts";

const folder = mkdtempSync(join(tmpdir(), "attar-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const refusal = (...args: Parameters<typeof readSettings>): AttarError => {
  try {
    readSettings(...args);
  } catch (error) {
    if (error instanceof AttarError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

test("flags win over --set, which wins over the file", () => {
  const config = file("a.json", '{"$schema": "./attar.schema.json", "ipc": 1, "steps": 2, "realBatch": 3}');
  const settings = readSettings(config, ["steps=20", "realBatch=30"], { realBatch: 300, seed: undefined });
  expect(settings).toEqual({ ipc: 1, steps: 20, realBatch: 300 });
});

test("a setting under two names in one file is refused", () => {
  const config = file("two.json", '{"net": "mlp", "network": "lenet"}');
  expect(refusal(config, [], {})).toMatchObject({
    code: "bad-config",
    exitCode: 2,
    message: `net in ${config} and network are one setting, given twice`,
  });
  expect(readSettings(file("one.json", '{"network": "lenet"}'), [], {})).toEqual({ net: "lenet" });
});

test("--set reads numbers as numbers, and the last one wins", () => {
  expect(readSettings(undefined, ["imageLearningRate=1e-2", "net=mlp", "net=lenet"], {})).toEqual({
    imageLearningRate: 0.01,
    net: "lenet",
  });
  expect(readSettings(undefined, ["tricks.augmentation=none"], {})).toEqual({ augmentation: "none" });
});

describe("what is refused, in one sentence that says where it was given", () => {
  test.each([
    [["steps=0"], "--set steps must be at least 1, got 0"],
    [["steps=2.5"], "--set steps must be a whole number, got 2.5"],
    [["steps="], '--set steps must be a whole number, got ""'],
    [["seed=1e400"], '--set seed must be a whole number, got "1e400"'],
    [["preset=papers"], '--set preset must be laptop or paper, got "papers"'],
    [["imageMomentum=-1"], "--set imageMomentum must not be negative, got -1"],
    [["realbatch=1"], 'unknown setting "realbatch"'],
    [["__proto__=1"], 'unknown setting "__proto__"'],
    [["constructor=1"], 'unknown setting "constructor"'],
    [["=1"], "--set =1: expected path=value"],
    [["steps"], "--set steps: expected path=value"],
  ])("%s", (sets, message) => {
    const error = refusal(undefined, sets, {});
    expect(error.message).toBe(message);
    expect(error.exitCode).toBe(2);
    expect(error.hint).not.toContain("undefined");
  });

  test.each([
    ["list.json", "[1]", /holds no JSON object/],
    ["null.json", "null", /holds no JSON object/],
    ["cut.json", '{"ipc": ', /cut\.json: not valid JSON/],
    ["twice.json", '{"ipc": 1, "steps": 2, "ipc": 3}', /twice\.json: has the key "ipc" twice/],
    ["proto.json", '{"__proto__": {"ipc": 1}}', /proto\.json: has the forbidden key "__proto__"/],
    ["deep.json", "[".repeat(100_000), /deep\.json: nested deeper than 64/],
    ["type.json", '{"ipc": "ten"}', /^ipc in .*type\.json must be a whole number, got "ten"$/],
    ["key.json", '{"ipcs": 1}', /^unknown setting "ipcs"$/],
  ])("%s", (name, content, message) => {
    expect(refusal(file(name, content), [], {}).message).toMatch(message);
  });

  test("a file that is not there, or is a folder", () => {
    expect(refusal(join(folder, "absent.json"), [], {}).message).toMatch(/^there is no configuration file/);
    expect(refusal(folder, [], {}).message).toBe(`${folder}: is a folder, expected a file.`);
  });
});

test("the JSON Schema describes every setting and refuses others", () => {
  const schema = settingsJsonSchema() as {
    properties: Record<string, { description?: string }>;
    additionalProperties: boolean;
  };
  expect(Object.keys(schema.properties)).toEqual(Object.keys(settingsSchema.shape));
  for (const { description } of Object.values(schema.properties)) expect(description).toBeTruthy();
  expect(schema.additionalProperties).toBe(false);
});

test("the documentation's table is the schema's (attar schema --markdown prints it)", () => {
  const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
  expect(page).toContain(markdownTable(settingsRows()));
});
