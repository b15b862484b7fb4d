import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lines, workplace } from "./attar.ts";

const { path, spawned, attar, start } = workplace();
const net = "convnet:depth=2,width=4";

/** The results of a store that are there, whole: by the file that holds each. */
function resultsIn(store: string): Map<string, string> {
  const folder = path(store, "results");
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return new Map(
    files
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => [entry.name, readFileSync(`${entry.parentPath}/${entry.name}`, "utf8")]),
  );
}

const asked = process.env.ATTAR_EXPLORE !== undefined;
const skipped = asked ? "" : " (skipped: it takes two minutes; ATTAR_EXPLORE=1 runs it)";

test.skipIf(!asked)(
  `an exploration that is killed goes on without computing anything twice, and its best record condenses${skipped}`,
  async () => {
    const study = {
      name: "explored",
      methods: [{ name: "dm", set: { net } }, "random"],
      datasets: ["digits"],
      ipc: [1],
      seeds: [0, 1],
      networks: [net],
      protocols: [{ epochs: 3, repeats: 2 }],
      explore: {
        budget: "90s",
        networks: [net],
        discrepancies: ["mean-difference", "mmd"],
        views: ["embedding"],
        spaces: ["pixels"],
        hypotheses: ["fresh"],
        tricks: ["none", "inter"],
        candidates: 3,
        leastSteps: 2,
        epochs: 3,
      },
    };
    writeFileSync(path("explored.json"), JSON.stringify(study));
    const words = ["benchmark", "run", "explored.json", "--store", "store", "--threads", "1"];
    for (const many of [2, 5]) {
      const child = start(...words);
      await expect.poll(() => resultsIn("store").size >= many, { timeout: 120_000, interval: 50 }).toBe(true);
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
    }
    const before = resultsIn("store");
    const whole = await spawned(...words, "--json");
    expect(whole.code, whole.stderr).toBe(0);
    const after = resultsIn("store");
    expect(after.size).toBeGreaterThan(before.size);
    for (const [name, text] of before) expect(after.get(name), name).toBe(text);
    expect(existsSync(path("store", "alarms"))).toBe(false);
    const again = lines((await spawned(...words, "--json")).stdout);
    expect(again.map(({ event }) => event)).toEqual(["start", "done"]);

    const told = await attar("benchmark", "explore", "explored.json", "--store", "store", "--record", "best.json");
    expect(told.code, told.stderr).toBe(0);
    const record = JSON.parse(readFileSync(path("best.json"), "utf8"));
    expect(record.objective.match[0].view.name).toBe("embedding");
    const made = await attar(
      "condense",
      "digits",
      "--method",
      "best.json",
      "--ipc",
      "1",
      "--steps",
      "2",
      "--out",
      "run",
    );
    expect(made.code, made.stderr).toBe(0);
    const configuration = JSON.parse(readFileSync(path("run", "run.json"), "utf8")).configuration;
    expect(configuration.record.name).toBe(record.name);
  },
  300_000,
);
