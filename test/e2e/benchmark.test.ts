import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { end, expectRefusal, lines, workplace } from "./attar.ts";

const { path, spawned, attar, start } = workplace();

const net = "convnet:depth=2,width=4";
const study = {
  name: "tiny",
  methods: [{ name: "dm", set: { steps: 4, realBatch: 4, net } }, "random"],
  datasets: ["digits"],
  ipc: [1, 200],
  networks: [net],
  protocols: [{ epochs: 3, repeats: 2 }],
  objectives: ["accuracy", "worst-class", "bytes", "robustness"],
  exclude: [{ methods: ["dm"], ipc: [200], reason: "too large for a test" }],
};
const write = (name: string, change: object = {}) => writeFileSync(path(name), JSON.stringify({ ...study, ...change }));

/** The names of files under a folder. */
const filesIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((f) => f.isFile())
        .map((f) => f.name)
    : [];

/** Every result of a store without what differs from run to run: who made it, and when. */
function foundIn(store: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const kind of ["condense", "evaluate"])
    for (const name of filesIn(path(store, "results", kind))) {
      const { made: _, ...rest } = JSON.parse(readFileSync(path(store, "results", kind, name), "utf8"));
      found[`${kind}/${name}`] = rest;
    }
  return found;
}

const run = (file: string, store: string, ...more: string[]) =>
  spawned("benchmark", "run", file, "--store", store, "--threads", "1", ...more);

describe("a study of two methods", () => {
  test("is planned, computed, and then there is nothing left to do; a method more is all that is done", async () => {
    write("tiny.json");
    const plan = JSON.parse((await attar("benchmark", "plan", "tiny.json", "--json")).stdout);
    expect(plan.counts).toMatchObject({ done: 0, ready: 2, waiting: 2, refused: 4 });

    const first = lines((await run("tiny.json", "a", "--json")).stdout);
    expect(first.filter(({ event }) => event === "end").map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["condense", "done"],
      ["evaluate", "done"],
      ["condense", "done"],
      ["evaluate", "done"],
    ]);
    expect(first.at(-1)).toMatchObject({ event: "done", counts: { done: 4, refused: 4, ready: 0, failed: 0 } });
    expect(filesIn(path("a", "work"))).toEqual([]);

    const second = await run("tiny.json", "a", "--json");
    expect(second.code).toBe(0);
    expect(lines(second.stdout).map(({ event }) => event)).toEqual(["start", "done"]);

    write("more.json", { methods: [...study.methods, "herding"] });
    const more = lines((await run("more.json", "a", "--json")).stdout);
    expect(more.flatMap(({ event, name }) => (event === "end" ? [name] : []))).toEqual([
      "herding/digits/ipc1/seed0",
      `herding/digits/ipc1/seed0/${net}/field`,
    ]);
  });

  test("its rows have every number with where it comes from, and why others are missing", async () => {
    write("tiny.json");
    const rows = lines((await attar("benchmark", "rows", "tiny.json", "--store", "a")).stdout);
    const of = (objective: string, subject: string) =>
      rows.filter((row) => row.objective === objective && row.subject === subject);
    const scores = of("accuracy", "dm").filter(({ status }) => status === "ok");
    expect(scores.map(({ repeat, metric, unit, better }) => [repeat, metric, unit, better])).toEqual([
      [0, "accuracy", "fraction", "higher"],
      [1, "accuracy", "fraction", "higher"],
    ]);
    for (const { value, key, set, seed, attar, threads, protocol_hash } of scores) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect([key, set, protocol_hash].every((digest) => /^[0-9a-f]{64}$/.test(digest))).toBe(true);
      expect([seed, threads, attar]).toEqual([0, 1, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    }
    expect(of("worst-class", "dm").some(({ metric }) => /^worst-class\./.test(metric))).toBe(true);
    expect(of("bytes", "random")[0]).toMatchObject({ value: 10 * 64 * 4 + 10 * 8, unit: "bytes", status: "ok" });
    expect(of("accuracy", "dm").find(({ ipc }) => ipc === 200)).toMatchObject({
      status: "refused",
      reason: "too large for a test",
      value: null,
    });
    expect(of("robustness", "dm")[0]).toMatchObject({ status: "absent", value: null });
    const csv = (await attar("benchmark", "rows", "tiny.json", "--store", "a", "--to", "csv")).stdout.split("\r\n");
    expect(csv.length).toBe(rows.length + 2);
    const parquet = await attar("benchmark", "rows", "tiny.json", "--store", "a", "--out", "rows.parquet");
    expect([parquet.code, readFileSync(path("rows.parquet")).subarray(0, 4).toString()]).toEqual([0, "PAR1"]);
  });

  test("a row's commands, typed, come to its values: of a set, of draws, with subsets beside", async () => {
    write("typed.json", {
      ipc: [1],
      exclude: [],
      objectives: ["accuracy"],
      protocols: [
        { steps: 3, repeats: 2, redraw: true, for: { methods: ["random"] } },
        { steps: 3, repeats: 2, baselines: ["kmeans"], for: { methods: ["dm"] } },
      ],
    });
    expect((await run("typed.json", "typed")).code).toBe(0);
    const rows = lines((await attar("benchmark", "rows", "typed.json", "--store", "typed")).stdout);
    const of = (subject: string, metric: string) =>
      rows.filter((row) => row.subject === subject && row.metric === metric);
    const [random, dm, kmeans] = [of("random", "accuracy"), of("dm", "accuracy"), of("dm", "accuracy.kmeans")];
    expect([random, dm, kmeans].map(({ length }) => length)).toEqual([2, 2, 2]);
    expect(random[0]).toMatchObject({ draws: 2, samples: 10, epochs: 3, set_seconds: null });
    expect(dm[0]).toMatchObject({ draws: 1, samples: 10, set_threads: 1 });
    expect(JSON.parse(dm[0].training)).toMatchObject({
      ...{ repeats: 2, seed: 0 },
      recipe: { epochs: 3, batch: 256, optimizer: "sgd" },
    });
    expect(Object.keys(JSON.parse(dm[0].settings))).toContain("realBatch");
    const typed = async (command: string) => {
      const { code, stdout } = await spawned(...command.split(" ").slice(1), "--threads", "1", "--json", "--quiet");
      expect(code).toBe(0);
      return lines(stdout).at(-1);
    };
    const values = (own: { value: number }[]) => own.map(({ value }) => value);
    expect((await typed(random[0].commands)).results[0].accuracy.runs).toEqual(values(random));
    const [condense, evaluate] = dm[0].commands.split("\n");
    await typed(condense);
    const { results, baselines } = await typed(evaluate);
    expect(results[0].accuracy.runs).toEqual(values(dm));
    expect(baselines.kmeans.results[0].accuracy.runs).toEqual(values(kmeans));
  });

  test("killed and interrupted again and again, it comes to the same results", async () => {
    write("longer.json", { methods: [{ name: "dm", set: { steps: 40, realBatch: 4, net } }, "random"] });
    expect((await run("longer.json", "undisturbed")).code).toBe(0);
    const disturbed = () =>
      start("benchmark", "run", "longer.json", "--store", "disturbed", "--threads", "1", "--json");
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      const coordinator = disturbed();
      await new Promise<void>((resolve) => {
        coordinator.stdout!.on("data", (text) => {
          if (String(text).includes('"event":"job"')) setTimeout(resolve, 400);
        });
        coordinator.once("exit", () => resolve());
      });
      if (coordinator.exitCode === null) await end(coordinator, signal);
    }
    expect((await run("longer.json", "disturbed")).code).toBe(0);
    expect(foundIn("disturbed")).toEqual(foundIn("undisturbed"));
    expect(Object.keys(foundIn("disturbed")).length).toBe(4);
    expect(filesIn(path("disturbed", "alarms"))).toEqual([]);
  });
});

describe("a person", () => {
  test("cancels, retries, asks why, and merges", async () => {
    write("tiny.json");
    const store = ["--store", "c"];
    const said = async (...words: string[]) =>
      JSON.parse((await attar("benchmark", ...words, ...store, "--json")).stdout);
    expect((await said("cancel", "tiny.json", "dm/*")).jobs.map(({ name }: { name: string }) => name)).toEqual([
      "dm/digits/ipc1/seed0",
    ]);
    expect((await run("tiny.json", "c")).code).toBe(0);
    expect((await said("status", "tiny.json")).counts).toMatchObject({ done: 2, stopped: 1, blocked: 1 });
    expect(await said("explain", "tiny.json", "dm/digits/ipc1/seed0")).toMatchObject({
      state: "stopped",
      command: `attar condense digits --method dm --ipc 1 --seed 0 --net ${net} --steps 4 --set realBatch=4`,
    });
    const score = await said("explain", "tiny.json", `random/digits/ipc1/seed0/${net}/field`);
    expect(score).toMatchObject({ state: "done", result: { status: "ok" }, attempts: [], alarms: [] });
    expect((await attar("benchmark", "explain", "tiny.json", score.job.key.slice(0, 8), ...store)).stdout).toMatch(
      /^made /m,
    );
    expect((await said("retry", "tiny.json", "dm")).jobs.length).toBe(1);
    expect((await said("status", "tiny.json")).counts).toMatchObject({ done: 2, stopped: 0, ready: 1, waiting: 1 });
    expectRefusal(2, await attar("benchmark", "retry", "tiny.json", "dm", ...store));

    expect(JSON.parse((await attar("benchmark", "merge", "d", "c", "--json")).stdout).merged[0]).toMatchObject({
      taken: 2,
      alarms: 0,
    });
    expect(foundIn("d")).toEqual(foundIn("c"));
  });

  test("is told of a second run on the same store", async () => {
    write("tiny.json");
    const first = start("benchmark", "run", "tiny.json", "--store", "e", "--threads", "1", "--json");
    await new Promise<void>((resolve) => {
      first.stdout!.on("data", (text) => {
        if (String(text).includes('"event":"job"')) resolve();
      });
    });
    const second = withoutLog(await spawned("benchmark", "run", "tiny.json", "--store", "e"));
    expectRefusal(1, second);
    expect(second.stderr).toMatch(/another attar benchmark run works on e: .*\n {2}→ .*--shard 1\/2/);
    await end(first, "SIGKILL");
  });
});

describe("wrong input is one sentence", () => {
  test.each([
    ["a key that is none", { method: ["dm"] }, /bad.json: unknown key "method"/],
    ["a method that is none", { methods: ["dmm"] }, /unknown method "dmm"/],
    ["text that is no JSON", "{", /not valid JSON/],
  ])("%s", async (_, change, message) => {
    if (typeof change === "string") writeFileSync(path("bad.json"), change);
    else write("bad.json", change);
    const refused = await attar("benchmark", "run", "bad.json");
    expectRefusal(2, refused, await attar("benchmark", "run", "bad.json", "--json"));
    expect(refused.stderr).toMatch(message);
  });

  test("a store that cannot be written, a tier that is none, a pattern of no cell", async () => {
    write("tiny.json");
    writeFileSync(path("file"), "");
    expectRefusal(1, withoutLog(await attar("benchmark", "run", "tiny.json", "--store", "file")));
    expectRefusal(2, await attar("benchmark", "plan", "tiny.json", "--tier", "smoke"));
    expectRefusal(2, await attar("benchmark", "plan", "tiny.json", "--only", "dcc/*"));
    expectRefusal(2, await attar("benchmark", "run", "tiny.json", "--shard", "3/2"));
  });
});

/** The result without the lines that are no error. */
const withoutLog = (result: Awaited<ReturnType<typeof attar>>) => ({
  ...result,
  stderr: result.stderr.slice(result.stderr.indexOf("attar: ")),
});

describe("a submission", () => {
  test("is held against stored rows, verified, and refused where a row or an object is another", async () => {
    write("tiny.json");
    const rows = async (...words: string[]) => attar("benchmark", "rows", "tiny.json", ...words);
    expect((await run("tiny.json", "s")).code).toBe(0);
    expect((await rows("--store", "s", "--out", "s/rows.ndjson")).code).toBe(0);
    writeFileSync(path("s", "study.json"), JSON.stringify(study));

    const check = (...words: string[]) =>
      attar("benchmark", "check", "tiny.json", "--store", "s", "--no-run", ...words);
    const same = await check("--against", "s/rows.ndjson", "--junit", "check.xml", "--json");
    expect(same.code).toBe(0);
    expect(new Set(JSON.parse(same.stdout).compared.map(({ verdict }: { verdict: string }) => verdict))).toEqual(
      new Set(["same"]),
    );
    expect(readFileSync(path("check.xml"), "utf8")).toMatch(/<testsuite name="tiny.json" tests="\d+" failures="0">/);
    const better = readFileSync(path("s", "rows.ndjson"), "utf8").replaceAll(/"value":0\.\d+/g, '"value":0.99');
    writeFileSync(path("better.ndjson"), better);
    const worse = await check("--against", "better.ndjson", "--summary", "check.md");
    expect(worse.code).toBe(5);
    expect(readFileSync(path("check.md"), "utf8")).toMatch(/\d+ worse/);

    const verify = (...words: string[]) => attar("benchmark", "verify", "s", ...words);
    const verified = await verify("--json", "--quiet");
    expect(JSON.parse(verified.stdout)).toMatchObject({ results: 4, again: expect.stringMatching(/field$/) });
    writeFileSync(path("s", "rows.ndjson"), better);
    expectRefusal(2, await verify("--no-rerun"));
    expect((await rows("--store", "s", "--out", "s/rows.ndjson")).code).toBe(0);
    const objects = readdirSync(path("s", "objects"), { recursive: true, withFileTypes: true }).filter((f) =>
      f.isFile(),
    );
    // Sets, pictures and logs alike: whichever is forged is found.
    expect(objects.length).toBeGreaterThan(2);
    for (const object of objects) {
      const file = `${object.parentPath}/${object.name}`;
      const content = readFileSync(file);
      writeFileSync(file, "forged");
      expectRefusal(1, await verify("--no-rerun"));
      writeFileSync(file, content);
    }
  });
});
