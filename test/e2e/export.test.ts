import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { trainableFormats } from "../../src/evaluate/node/exportTrainable.node.ts";
import { expectRefusal, workplace } from "./attar.ts";

const { path, attar } = workplace();

test("attar export writes every format, says what it loses and what to type next", { timeout: 120_000 }, async () => {
  expect((await attar("condense", "digits", "--method", "random", "--ipc", "1", "--out", "run")).code).toBe(0);
  for (const to of trainableFormats.filter(
    (format) => format !== "csv" && format !== "codes" && format !== "pytorch",
  )) {
    const { code, stdout, stderr } = await attar("export", "run", "--to", to);
    expect(code).toBe(0);
    for (const written of stdout.trim().split("\n")) expect(existsSync(path(written))).toBe(true);
    expect(/does not hold the recipe/.test(stderr)).toBe(to === "png" || to === "imagefolder");
  }
  const { stdout, stderr } = await attar("export", "run", "--to", "pytorch", "--on", "digits", "--net", "mlp:width=16");
  expect(stdout.trim().split("\n")).toHaveLength(4);
  expect(stderr).toContain("next: python run-pytorch/train.py");
  expect(JSON.parse(readFileSync(path("run-pytorch/recipe.json"), "utf8")).network).toEqual({
    name: "mlp",
    options: { depth: 2, width: 16 },
  });
  const card = readFileSync(path("run-huggingface/README.md"), "utf8");
  expect(card).toContain("attar condense digits --method random --ipc 1");
  // The accuracy is known once it has been measured under the recipe, and the folder is read as a run is.
  expect(card).toContain("It has not been measured");
  expect((await attar("evaluate", "run-huggingface", "--on", "digits", "--epochs", "1", "--repeats", "1")).code).toBe(
    0,
  );
  expectRefusal(2, await attar("export", "run", "--to", "npz", "--on", "digits"));
  expectRefusal(2, await attar("export", "run", "--to", "png", "--net", "mlp"));
  expectRefusal(2, await attar("export", "run", "--to", "pytorch", "--net", "ntk"));
  expectRefusal(2, await attar("export", "run", "--to", "huggingfase"));
});
