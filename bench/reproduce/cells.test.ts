import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Row } from "../../src/benchmark/rows/row.ts";
import { condense } from "../../src/condense/index.ts";
import { load } from "../../src/data/index.ts";
import { readerOf } from "../../src/data/reader.ts";
import { AttarError, randomKey } from "../../src/engine/index.ts";
import { infiniteNetworkNamed, parseNetwork } from "../../src/hypotheses/index.ts";
import { dm, isBilevel, isMatch, methods } from "../../src/methods/index.ts";
import { initialiseImages } from "../../src/synthetic/initialise.ts";
import { nameOf } from "./cell.ts";
import { keptAs } from "./currency.ts";
import { cellNamed, families } from "./families.ts";
import { stepsOfRow } from "./lead.ts";
import { type CellResult, isSubset, resultIn, rowsOf } from "./result.ts";
import { trainingImages } from "./trainingImages.ts";

const placed = families.flatMap((family) => family.cells.map((cell) => ({ family, cell })));
const rows = new Map<string, readonly Row[]>();
for (const family of families) rows.set(family.name, await rowsOf(family));
const kept = placed.flatMap(({ family, cell }) => {
  const result = resultIn(rows.get(family.name)!, cell);
  return result ? [{ name: `${family.name}/${nameOf(cell)}`, cell, result }] : [];
});

test("no two cells have one name, whatever their families", () => {
  const names = placed.map(({ cell }) => nameOf(cell));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(120);
});

test.each([
  ["dd", isMatch],
  ["bilevel", isBilevel],
] as const)(
  "studies/%s.json lists every method of its kind, as attar methods does, but for those of latent.json",
  (name, kind) => {
    const { cells } = families.find((family) => family.name === name)!;
    const own = [...new Set(cells.map(({ method }) => method))];
    const { methods: latent }: { methods: string[] } = JSON.parse(readFileSync("studies/latent.json", "utf8"));
    const elsewhere = latent.filter((method) => !own.includes(method));
    const all = methods.filter(kind).map((method) => method.name);
    expect(own).toEqual(all.filter((method) => !elsewhere.includes(method)));
  },
);

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
    const ratio = steps / (cell.ipc === 1 ? 300 : 200);
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

/** The value of an option in a command. */
const asked = (command: string, option: string): string | undefined => {
  const words = command.split(" ");
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
};

describe("what is kept", () => {
  test("is some hundred results, and every row is of a study's cell", () => {
    expect(kept.length).toBeGreaterThan(100);
    const subjects = new Set(placed.map(({ cell }) => cell.set));
    for (const own of rows.values())
      for (const row of own) expect(subjects, row.cell).toContain(row.cell.split("/").slice(0, 4).join("/"));
  });

  test.each(kept)("$name can be made again", ({ cell, result }) => {
    const { commit, commands, accuracy, net, networks, sets, images, protocol, settings } = result;
    expect(commit).toMatch(/^[0-9a-f]{40}(-dirty)?$/);
    if (!settings) expect(keptAs(cell, result).outdated).toContain("its settings were not recorded");
    const infinite = infiniteNetworkNamed(parseNetwork(net).name);
    expect(networks).toBe(infinite ? 0 : accuracy.runs.length);
    expect([1, accuracy.runs.length]).toContain(sets);
    expect(Number.isInteger(images)).toBe(true);
    expect(commands.map((command) => command.split(" ")[1])).toEqual(
      isSubset(cell) ? ["evaluate"] : ["condense", "evaluate"],
    );
    const evaluate = commands.at(-1)!;
    expect(asked(evaluate, "--on")).toBe(cell.dataset);
    expect(Number(asked(evaluate, "--repeats"))).toBe(protocol.repeats);
    expect(Number(asked(evaluate, "--epochs") ?? protocol.recipe.epochs)).toBe(protocol.recipe.epochs);
    const made = commands[0]!;
    expect(Number(asked(made, "--ipc"))).toBe(cell.ipc);
    if (isSubset(cell)) expect(made.split(" ")[2]).toBe(cell.method);
    else {
      expect([made.split(" ")[2], asked(made, "--method")]).toEqual([cell.dataset, cell.method]);
      expect(evaluate.split(" ")[2]).toBe(asked(made, "--out"));
    }
  });
});

const whole = execFileSync("git", ["rev-parse", "--is-shallow-repository"]).toString().trim() === "false";

test.skipIf(!whole)("every row names a commit of this history (skipped in a shallow clone)", () => {
  const known = new Set(
    execFileSync("git", ["rev-list", "HEAD"], { maxBuffer: 1 << 26 })
      .toString()
      .split("\n"),
  );
  const named = [...rows.values()].flat().flatMap(({ cell, commit, origin }) => {
    const { id } = (JSON.parse(origin ?? "{}") as { commit?: { id: string } }).commit ?? {};
    return [commit!, ...(id === undefined ? [] : [id])].map((one) => ({ cell, id: one.replace("-dirty", "") }));
  });
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ id }) => !known.has(id))).toEqual([]);
});

describe("a kept cell is not current", () => {
  const { cell } = cellNamed("mnist-idm-ipc1");
  const { result } = kept.find(({ name }) => name === "dd/mnist-idm-ipc1")!;
  const reasons = (change: Partial<CellResult>) => keptAs(cell, { ...result, ...change }).outdated;
  const { protocol } = result;

  test("but is, where nothing differs or only what stands beside it", () => {
    expect(reasons({})).toEqual([]);
    expect(reasons({ beside: { random: result.accuracy } })).toEqual([]);
  });

  test("without settings, with others, of uncommitted changes", () => {
    expect(reasons({ settings: undefined })).toEqual(["its settings were not recorded"]);
    expect(reasons({ settings: { ...result.settings, realBatch: 1 } })).toEqual(["other settings: realBatch"]);
    expect(reasons({ commit: `${result.commit}-dirty` })).toEqual(["made with uncommitted changes"]);
  });

  test("condensed or scored otherwise", () => {
    expect(reasons({ condense: ["--steps", "3"] })).toEqual(["condensed with --steps 3"]);
    const longer = { ...protocol, recipe: { ...protocol.recipe, epochs: 600 } };
    expect(reasons({ protocol: longer })).toEqual(["600 steps"]);
    expect(stepsOfRow(keptAs(cell, { ...result, protocol: longer }))).toBe(600);
    expect(reasons({ protocol: { ...protocol, repeats: 2 } })).toEqual(["scored with --repeats 2"]);
    expect(reasons({ net: "mlp" })).toEqual(["scored with --nets mlp"]);
    const plain = cellNamed("mnist-random-plain-ipc10").cell;
    const augmented = { ...protocol, repeats: 5, recipe: { ...protocol.recipe, epochs: 200, augmentation: "color" } };
    expect(keptAs(plain, { ...result, settings: {}, protocol: augmented }).outdated).toContain(
      "scored with --augmentation color",
    );
  });
});
