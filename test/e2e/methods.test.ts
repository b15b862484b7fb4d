import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { small, workplace } from "./attar.ts";

const { attar, path } = workplace();

/** Writes the record of a listed method with changes into a file. */
async function recordOf(method: string, file: string, changes: object = {}): Promise<void> {
  const { stdout } = await attar("methods", method, "--record");
  writeFileSync(path(file), JSON.stringify({ ...JSON.parse(stdout), ...changes }));
}

const condense = (file: string, out: string, ...more: string[]) =>
  attar("condense", "digits", "--method", file, "--ipc", "1", ...small, "--out", out, ...more);

describe("a method in a file", () => {
  test("makes the set that the listed one makes, byte for byte", async () => {
    await recordOf("dm", "dm.json");
    expect((await condense("dm.json", "file", "--steps", "2")).code).toBe(0);
    expect((await condense("dm", "listed", "--steps", "2")).code).toBe(0);
    const [file, listed] = ["file", "listed"].map((run) => readFileSync(path(run, "condensed.safetensors")));
    expect(file!.equals(listed!)).toBe(true);
  });

  test("goes on from its checkpoint, and not where the file has changed", async () => {
    await recordOf("dm", "mine.json", { name: "mine" });
    await condense("mine.json", "mine", "--steps", "2");
    const again = await condense("mine.json", "mine", "--steps", "2", "--resume");
    expect([again.code, again.stderr]).toEqual([0, expect.not.stringContaining("another")]);
    await recordOf("dm", "mine.json", { name: "mine", departures: ["none that I know of"] });
    const changed = await condense("mine.json", "mine", "--steps", "2", "--resume");
    expect([changed.code, changed.stderr]).toEqual([
      2,
      expect.stringContaining("another record of the method (departures)"),
    ]);
  });

  test("is explained and cited like a listed one", async () => {
    await recordOf("kip", "mine.json", { name: "mine", title: "Mine" });
    const explained = await attar("methods", "mine.json");
    expect(explained.stdout).toContain("attar condense digits --method mine.json --ipc 1");
    expect(explained.stdout).toContain("kernel-ridge");
    expect((await attar("cite", "mine.json")).stdout).toMatch(/^% method mine, solver kernel-ridge\n@/);
  });

  test.each([
    ["that is not there", undefined, "there is no file of a method odd.json"],
    ["that is cut off", '{"name": "mi', "not valid JSON"],
    ["that holds a list", "[]", "holds no JSON object"],
    ["with a misspelt field", '{"nam": "x"}', 'there is no field "nam"'],
    ["with an unknown view", '{"objective": {"match": [{"view": {"name": "embeding"}}]}}', "name"],
  ])("%s is refused in one sentence", async (_, content, message) => {
    if (content !== undefined) writeFileSync(path("odd.json"), content);
    const { code, stderr } = await condense("odd.json", "odd");
    expect([code, stderr.trim().split("\n").length]).toEqual([2, 2]);
    expect(stderr).toContain(message);
  });

  test("that names a part that there is not is refused by the path of the field", async () => {
    await recordOf("dm", "odd.json", {
      objective: { match: [{ view: { name: "embeding" }, discrepancy: { name: "mean-difference" } }] },
    });
    const { code, stderr } = await condense("odd.json", "odd");
    expect([code, stderr]).toEqual([
      2,
      'attar: odd.json: objective.match[0].view.name: there is no view named "embeding"\n  → did you mean "embedding"?\n',
    ]);
  });
});

test("the row of hyperparameters that a run has is named", async () => {
  const { stderr } = await condense("dc", "row", "--steps", "1");
  expect(stderr).toContain("recipe: laptop row 8x8x1, 10 classes, ipc 1-9");
  const plan = await attar("condense", "mnist", "--method", "dm", "--ipc", "12", "--dry-run", "--json");
  if (plan.code === 0) expect(JSON.parse(plan.stdout).recipe).toBe("laptop row 28x28x1, 10 classes, ipc 10-49");
  const paper = await attar("condense", "digits", "--method", "mtt", "--preset", "paper", "--dry-run");
  expect([paper.code, paper.stderr]).toEqual([2, expect.stringContaining("they have some for cifar-10, ipc 1-9;")]);
});

test("the JSON Schema of a record names every part", async () => {
  const { stdout } = await attar("schema", "--method");
  const { properties } = JSON.parse(stdout);
  const names = properties.synthetic.oneOf.map(
    (one: { properties: { name: { const: string } } }) => one.properties.name.const,
  );
  expect(names).toEqual(["pixels", "channel-formation", "spectral", "hallucinated", "latent"]);
  expect(stdout).toContain('"loss-curvature"');
});
