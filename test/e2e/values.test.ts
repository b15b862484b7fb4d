import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { workplace } from "./attar.ts";

const { path, attar } = workplace();

/** Rows of two features, a smooth function of them, and a constant. */
const rows = (seed: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const [a, b] = [Math.sin(seed + 12.9 * i), Math.cos(seed + 7.3 * i * i)];
    return [a, b, 100 + 40 * a * b + 20 * a].map((v) => v.toFixed(4)).join(",");
  });
const write = (name: string, lines: string[]) => writeFileSync(path(name), ["a,b,cost", ...lines, ""].join("\n"));

describe("numbers to predict", () => {
  test("condensed by KIP, a table explains more of its test split than a random subset", async () => {
    write("costs-train.csv", rows(1, 120));
    write("costs-test.csv", rows(2, 60));
    const data = ["costs-train.csv", "--label", "cost", "--target", "values", "--bins", "3"];
    const run = await attar("condense", ...data, "--method", "kip", "--ipc", "2", "--steps", "60", "--out", "costs");
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toMatch(/3 bins, which stand in for classes/);
    expect(run.stdout).toMatch(/attar evaluate costs --on costs-train.csv --label cost --target values --bins 3/);

    const scored = await attar(
      "evaluate",
      "costs",
      "--on",
      ...data,
      "--nets",
      "ntk",
      "--baselines",
      "random",
      "--json",
    );
    const { results, baselines } = JSON.parse(scored.stdout);
    expect(results[0].accuracy).toBeUndefined();
    expect(results[0].readings.r2.mean).toBeGreaterThan(baselines.random.results[0].readings.r2.mean);
    const shown = await attar("evaluate", "costs", "--on", ...data, "--nets", "ntk", "--baselines", "none");
    expect(shown.stdout).toMatch(/network +r2 +± +rmse/);
    expect(shown.stdout).not.toContain("accuracy");

    expect(await attar("export", "costs", "--to", "csv")).toMatchObject({ code: 0 });
    const [header, ...lines] = readFileSync(path("costs-csv/condensed.csv"), "utf8").trim().split("\n");
    expect(header).toBe("a,b,cost");
    const predicted = lines.map((line) => Number(line.split(",")[2]));
    expect(predicted.length).toBe(6);
    expect(Math.min(...predicted)).toBeGreaterThan(0);
  });

  test("decimals are no classes, and the hint says how they are predicted", async () => {
    write("prices.csv", rows(3, 40));
    const run = await attar("data", "info", "prices.csv", "--label", "cost");
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toMatch(/predict its numbers: --target values/);
    expect(await attar("data", "info", "prices.csv", "--label", "cost", "--target", "values")).toMatchObject({
      code: 0,
    });
    const odd = await attar("data", "info", "prices.csv", "--target", "numbers");
    expect([odd.code, odd.stderr]).toEqual([2, expect.stringMatching(/--target takes classes or values/)]);
  });
});
