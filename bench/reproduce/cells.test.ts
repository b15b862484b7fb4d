import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { condense } from "../../src/condense/index.ts";
import { load } from "../../src/data/index.ts";
import { readerOf } from "../../src/data/reader.ts";
import { AttarError, randomKey } from "../../src/engine/index.ts";
import { infiniteNetworkNamed, parseNetwork } from "../../src/hypotheses/index.ts";
import { dm } from "../../src/methods/index.ts";
import { initialiseImages } from "../../src/synthetic/initialise.ts";
import { nameOf } from "./cell.ts";
import { commandsOf, essence, olderEssence } from "./commands.ts";
import { isCoreset } from "./coresets.ts";
import { keptAs } from "./currency.ts";
import { cellNamed, families } from "./families/index.ts";
import { stepsOfRow } from "./lead.ts";
import type { CellResult } from "./result.ts";
import { stepsOfTraining } from "./scoring.ts";
import { trainingImages } from "./trainingImages.ts";
import { inTodaysWords } from "./words.ts";

const placed = families.flatMap((family) => family.cells.map((cell) => ({ family, cell })));

const owner = (file: string) => cellNamed(file.replace(/\.json$/, ""));

const files = readdirSync("docs/results", { recursive: true, encoding: "utf8" })
  .filter((file) => /\/.*\.json$/.test(file))
  .map((file) => {
    const written = JSON.parse(readFileSync(join("docs/results", file), "utf8")) as CellResult;
    const result = inTodaysWords(written, owner(file).cell);
    // Settings name run folders: those of a record in other words have other names.
    const form = written.commandForm === "older" || result !== written ? olderEssence : essence;
    return { file, form, result };
  });

/** The cell a file is kept for. */

test("no two cells have one name, whatever their families", () => {
  const names = placed.map(({ cell }) => nameOf(cell));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(120);
});

describe("a name is a whole one", () => {
  const refusal = (name: string, family?: (typeof families)[number]): AttarError => {
    try {
      cellNamed(name, family);
    } catch (error) {
      if (error instanceof AttarError) return error;
    }
    throw new Error(`${name} was taken`);
  };

  test("with or without its family", () => {
    const cell = cellNamed("mnist-dsa-ipc10");
    expect([cell.family.name, cell.cell.method, cell.cell.scoring]).toEqual(["dd", "dsa", undefined]);
    expect(cellNamed("dd/mnist-dsa-ipc10")).toEqual(cell);
    expect(cellNamed("mnist-dsa-1000-epochs-ipc10").cell.scoring).toBe("1000-epochs");
  });

  test.each(["mnist-dsa", "dsa-ipc10", "", "mnist", "quality/mnist-dsa-ipc10", "Mnist-dsa-ipc10"])("not %j", (name) => {
    expect([refusal(name).code, refusal(name).exitCode]).toEqual(["unknown-cell", 2]);
  });

  test("an unknown one is told what is near", () => {
    expect(refusal("mnist-dsa").hint).toContain("mnist-dsa-ipc1");
    expect(refusal("mnist-frep-ipc10").hint).toBe("Did you mean mnist-frepo-ipc10?");
    const subsets = families.find((f) => f.name === "subsets")!;
    expect(refusal("mnist-dsa-ipc10", subsets).message).toContain("not of subsets but of dd");
  });
});

test("sets that decode to more images are trained on for as many steps as others", () => {
  const own = placed.filter(({ family, cell }) => ["dd", "bilevel"].includes(family.name) && !cell.scoring);
  const decoded = own.filter(({ cell }) => trainingImages(cell) > 256);
  expect(decoded.map(({ cell }) => cell.method)).toEqual(
    expect.arrayContaining(["idm", "idc", "dream", "dream-plus", "m3d", "cep", "nsd"]),
  );
  for (const { cell } of own) {
    const at = cell.evaluate.indexOf("--epochs");
    if (at < 0) continue; // regression on labels: a number of steps of its own
    const steps = Number(cell.evaluate[at + 1]) * Math.ceil(trainingImages(cell) / 256);
    const ratio = steps / stepsOfTraining(cell.ipc);
    expect(Math.abs(ratio - 1), nameOf(cell)).toBeLessThan(0.05);
  }
});

test.each([
  ["idc", 10, 400],
  ["cep", 10, 1600],
  ["nsd", 10, 1520],
  ["nsd", 1, 80],
  ["dm", 10, 100],
  ["kmeans", 10, 100],
])("%s at %d images a class trains on %d images", (method, ipc, images) => {
  expect(trainingImages({ method, dataset: "mnist", ipc, condense: [] })).toBe(images);
});

test("the start is the representative images themselves, to the bit", async () => {
  const { cell } = cellNamed("mnist-dm-start-ipc10");
  expect(cell.condense).toEqual(["--steps", "1", "--set", "imageLearningRate=0", "--set", "initialisation=kmeans"]);
  const dataset = await load("digits");
  const options = { ipc: 2, steps: 1, imageLearningRate: 0, initialisation: "kmeans", realBatch: 2 };
  const network = parseNetwork("convnet:depth=1,width=2");
  let last: Float32Array | undefined;
  for await (const event of condense(dataset, dm, { ...options, network }))
    if (event.event === "done") last = event.set.images;
  expect(last).toEqual(
    await initialiseImages(readerOf(dataset), 2, { name: "kmeans" }, randomKey(0).fold("initialise")),
  );
});

describe("what is kept", () => {
  test("is some hundred files, each of a cell", () => {
    expect(files.length).toBeGreaterThan(100);
    for (const { file } of files) expect(() => owner(file), file).not.toThrow();
  });

  test.each(files.map(({ file, result }) => [file, result] as const))("%s can be made again", (file, result) => {
    const { cell } = owner(file);
    expect([result.cell.method, result.cell.dataset, result.cell.ipc]).toEqual([cell.method, cell.dataset, cell.ipc]);
    const { id, of, figures } = result.commit;
    expect(["run", "file added"]).toContain(of);
    expect(id).toMatch(/^[0-9a-f]{40}(-dirty)?$/);
    if (figures !== undefined) expect(figures).toMatch(/^[0-9a-f]{40}$/);
    if (!result.settings) expect(keptAs(cell, result).outdated).toContain("its settings were not recorded");
    const { runs } = result.evaluation.results[0]!.accuracy!;
    const infinite = infiniteNetworkNamed(parseNetwork(result.evaluation.results[0]!.net).name);
    expect(result.networks).toBe(infinite ? 0 : runs.length);
    expect([1, runs.length]).toContain(result.sets);
    expect(Number.isInteger(result.images)).toBe(true);
    expect(result.seeds).toEqual({
      ...(!isCoreset(cell) && { condense: 0 }),
      evaluate: result.evaluation.protocol.seed,
    });
    expect(result.commands.map((c) => c.split(" ")[1])).toEqual(
      isCoreset(cell) ? ["evaluate"] : ["condense", "evaluate"],
    );
  });

  test.each(files.map(({ file, result, form }) => [file, result, form] as const))(
    "%s holds the commands of its cell",
    (file, result, form) => {
      const recorded = { ...owner(file).cell, condense: result.cell.condense, evaluate: result.cell.evaluate };
      const expected = commandsOf(recorded, result.settings ?? {}).map((words) => `attar ${words.join(" ")}`);
      expect(result.commands.map(form)).toEqual(expected.map(form));
    },
  );
});

test("a record from before initialisations were renamed is read in today's words, one from after as it is", () => {
  const { result } = files.find(({ file }) => file === "dd/mnist-dm-ipc10.json")!;
  const older = (settings: object) => inTodaysWords({ ...result, words: 1, settings } as CellResult).settings;
  expect(older({ initialisation: "kmeans", steps: 1, realBatch: 0 })).toEqual({
    initialisation: "kmeans-centres",
    steps: 0,
    realBatch: 0,
  });
  expect(older({ initialisation: "representative", "selection.slack": 0.1, steps: 1, realBatch: 64 })).toEqual({
    initialisation: "kmeans",
    "initialisation.slack": 0.1,
    steps: 1,
    realBatch: 64,
  });
  const commands = ["attar condense mnist --set initialisation=real --out runs/a"];
  expect(inTodaysWords({ ...result, words: 1, commands } as CellResult).commands).toEqual([
    "attar condense mnist --set initialisation=random --out runs/a",
  ]);
  const written = { ...result, words: 2, settings: { initialisation: "kmeans" } } as unknown as CellResult;
  expect(inTodaysWords(written)).toBe(written);
});

test("a command that was changed by hand is noticed", () => {
  const { result } = files.find(({ file }) => file === "dd/mnist-dm-ipc10.json")!;
  const [command] = result.commands;
  expect(olderEssence(`${command!} --steps 1`)).not.toBe(olderEssence(command!));
  expect(olderEssence(command!.replace("--ipc 10", "--ipc 1"))).not.toBe(olderEssence(command!));
});

describe("a kept cell is not current", () => {
  const { family, cell } = cellNamed("mnist-idm-ipc1");
  const { result } = files.find(({ file }) => file === `${family.name}/${nameOf(cell)}.json`)!;
  const reasons = (change: Partial<CellResult>) => keptAs(cell, { ...result, ...change }).outdated;

  test("but is, where nothing differs or only what stands beside it", () => {
    const more = [...result.cell.evaluate, "--baselines", "random"];
    expect(reasons({})).toEqual([]);
    expect(reasons({ cell: { ...result.cell, evaluate: more } })).toEqual([]);
  });

  test("without settings, with others, of uncommitted changes", () => {
    expect(reasons({ settings: undefined })).toEqual(["its settings were not recorded"]);
    expect(reasons({ settings: { ...result.settings, realBatch: 1 } })).toEqual(["other settings: realBatch"]);
    expect(reasons({ commit: { id: `${result.commit.id}-dirty`, of: "run" } })).toEqual([
      "made with uncommitted changes",
    ]);
  });

  test("condensed or scored otherwise", () => {
    expect(reasons({ cell: { ...result.cell, condense: ["--steps", "3"] } })).toEqual(["condensed with --steps 3"]);
    const { protocol } = result.evaluation;
    const recipe = { ...protocol.recipe, epochs: 600 };
    const evaluation = { ...result.evaluation, protocol: { ...protocol, recipe } };
    expect(reasons({ evaluation, cell: { ...result.cell, evaluate: ["--epochs", "600", "--repeats", "3"] } })).toEqual([
      "600 steps",
    ]);
    expect(stepsOfRow(keptAs(cell, { ...result, evaluation }))).toBe(600);
    expect(reasons({ cell: { ...result.cell, evaluate: ["--epochs", "300", "--repeats", "2"] } })).toEqual([
      "scored with --repeats 2",
    ]);
    expect(reasons({ cell: { ...result.cell, evaluate: [...result.cell.evaluate, "--nets", "mlp"] } })).toEqual([
      "scored with --nets mlp",
    ]);
    expect(reasons({ cell: { ...result.cell, evaluate: ["--epochs", "300"] } })).toEqual([
      "scored without --repeats 3",
    ]);
  });
});
