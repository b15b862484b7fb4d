import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { end, expectRefusal, lines, small, untilStep, workplace } from "./attar.ts";

const { path, attar, start } = workplace();
const condensed = (run: string) => readFileSync(path(run, "condensed.safetensors"));

describe("a run", () => {
  const steps = 40;
  const args = ["condense", "digits", "--ipc", "2", "--steps", String(steps), ...small];

  test("prints NDJSON events with stable keys, and nothing but JSON on stdout", async () => {
    const { code, stdout, stderr } = await attar(...args, "--out", "whole", "--json");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const events = lines(stdout);
    expect(events[0]).toMatchObject({ event: "start", run: path("whole"), configuration: { ipc: 2, steps } });
    const taken = events.filter((e) => e.event === "step");
    expect(taken.map((e) => e.step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    expect(taken[0]).toMatchObject({ steps, loss: expect.any(Number), seconds: expect.any(Number) });
    expect(events.find((e) => e.event === "snapshot")).toMatchObject({ path: expect.stringContaining("whole") });
    expect(events.at(-1)).toMatchObject({
      event: "done",
      run: path("whole"),
      seconds: expect.any(Number),
      peakMemoryBytes: expect.any(Number),
    });
    expect(stderr).toContain("Distribution matching on digits");
    expect(JSON.parse(readFileSync(path("whole", "run.json"), "utf8"))).toMatchObject({
      configuration: { ipc: 2, steps },
      versions: { attar: manifest.version, node: process.version, onnxruntime: expect.stringMatching(/^\d+\./) },
      cores: availableParallelism(),
      executor: "onnxruntime-node",
      seconds: expect.any(Number),
    });
  });

  test("run.json tells how many threads computed", async () => {
    const { code } = await attar("condense", "digits", "--steps", "1", ...small, "--threads", "1", "--out", "one");
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(path("one", "run.json"), "utf8"))).toMatchObject({ cores: 1 });
  });

  test("killed and resumed gives the same bytes; SIGINT exits with 4 and can be resumed too", async () => {
    const child = start(...args, "--out", "killed", "--json");
    await untilStep(child, 13);
    expect(await end(child, "SIGKILL")).toBe(null);
    const again = await attar(...args, "--out", "killed");
    expectRefusal(2, again);
    expect(again.stderr).toContain("--resume");
    const second = start(...args, "--out", "killed", "--json", "--resume");
    await untilStep(second, 20);
    expect(await end(second, "SIGINT")).toBe(4);
    expect((await attar(...args, "--out", "killed", "--resume", "--quiet")).stderr).toBe("");
    expect(condensed("killed").equals(condensed("whole"))).toBe(true);
    const record = readFileSync(path("killed", "run.json"), "utf8");
    expect((await attar(...args, "--out", "killed", "--resume", "--threads", "1")).code).toBe(0);
    expect(readFileSync(path("killed", "run.json"), "utf8")).toBe(record);
  });

  test("run.json keeps what took the steps before a run went on elsewhere", async () => {
    const child = start(...args, "--out", "moved", "--threads", "2", "--json");
    await untilStep(child, 13);
    expect(await end(child, "SIGINT")).toBe(4);
    const { code, stdout } = await attar(...args, "--out", "moved", "--threads", "1", "--resume", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(path("moved", "run.json"), "utf8"))).toMatchObject({
      cores: 1,
      earlier: [{ until: lines(stdout)[0]!.step, cores: 2, executor: "onnxruntime-node" }],
    });
  });

  test("a checkpoint of another configuration and a finished folder are refused, and lose nothing", async () => {
    const before = condensed("whole");
    const other = await attar(...args, "--seed", "1", "--out", "killed", "--resume");
    expectRefusal(2, other);
    expect(other.stderr).toContain("another configuration");
    const finished = await attar(...args, "--out", "whole");
    expectRefusal(2, finished);
    expect(finished.stderr).toContain("finished run");
    expect(condensed("whole").equals(before)).toBe(true);
    expect(condensed("killed").equals(before)).toBe(true);
  });

  test("a damaged checkpoint is passed over; where none is whole, the run is refused and nothing in it changes", async () => {
    const states = () => readdirSync(path("killed", "checkpoint")).sort();
    const [older, newest] = states().map((file) => path("killed", "checkpoint", file));
    const damage = (file: string) => truncateSync(file, statSync(file).size - 4);
    damage(newest!);
    expect((await attar(...args, "--out", "killed", "--resume")).code).toBe(0);
    expect(condensed("killed").equals(condensed("whole"))).toBe(true);
    damage(newest!);
    damage(older!);
    const [before, record] = [states(), readFileSync(path("killed", "run.json"))];
    const refused = await attar(...args, "--out", "killed", "--resume");
    expectRefusal(1, refused);
    expect(refused.stderr).toMatch(/no checkpoint in .* is as it was written[\s\S]*--force/);
    expect(states()).toEqual(before);
    expect(readFileSync(path("killed", "run.json")).equals(record)).toBe(true);
    expect((await attar(...args, "--out", "killed", "--force")).code).toBe(0);
    expect(condensed("killed").equals(condensed("whole"))).toBe(true);
  });

  test("two processes cannot share a folder; SIGTERM stops the first in order", async () => {
    const many = ["condense", "digits", "--steps", "5000", ...small, "--out", "shared"];
    const first = start(...many, "--json");
    await untilStep(first, 1);
    const second = await attar(...many, "--resume");
    expect(await end(first, "SIGTERM")).toBe(4);
    expectRefusal(1, second);
    expect(second.stderr).toContain("already working");
  });

  test("a reader that goes away stops the run quietly", async () => {
    const child = start("condense", "digits", "--steps", "5000", ...small, "--out", "piped", "--json");
    let stderr = "";
    child.stderr!.on("data", (chunk) => {
      stderr += chunk;
    });
    await untilStep(child, 2);
    const code = new Promise((resolve) => child.once("exit", resolve));
    child.stdout!.destroy();
    expect(await code).toBe(4);
    expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
  });

  test("says in words where its files are, in the default folder", async () => {
    const { code, stdout, stderr } = await attar("condense", "digits", "--ipc", "1", "--steps", "2", ...small);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain("runs/digits-dm-ipc1-seed0/condensed.safetensors");
    expect(stdout).toContain("attar evaluate runs/digits-dm-ipc1-seed0 --on digits");
  });

  test("is evaluated and exported", async () => {
    const nets = ["--nets", "convnet:depth=2,width=4,mlp:width=8", "--epochs", "30", "--repeats", "2"];
    const { code, stdout, stderr } = await attar("evaluate", "whole", "--on", "digits", ...nets, "--json");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining(["dataset", "subject", "ipc", "protocol", "storedBytes", "results", "baselines"]),
    );
    expect(result).toMatchObject({ dataset: "digits", subject: "dm", ipc: 2, protocol: { hash: expect.any(String) } });
    expect(result.results).toHaveLength(2);
    for (const { accuracy } of result.results) {
      expect(accuracy.runs).toHaveLength(2);
      for (const run of accuracy.runs) expect(run).toBeGreaterThanOrEqual(0);
      expect(accuracy.mean).toBeLessThanOrEqual(1);
    }
    expect(Object.keys(result.baselines)).toEqual(["random", "herding"]);
    const written = await Promise.all(
      ["png", "imagefolder", "parquet", "npz"].map((format) => attar("export", "whole", "--to", format, "--json")),
    );
    for (const { code, stdout } of written) expect([code, JSON.parse(stdout).paths.length > 0]).toEqual([0, true]);
  });

  test("a finished subset is not replaced by another, and an export not mixed with an earlier one", async () => {
    const subset = ["condense", "digits", "--method", "random", "--out", "subset"];
    expect((await attar(...subset, "--ipc", "2")).code).toBe(0);
    expectRefusal(2, await attar(...subset, "--ipc", "2", "--seed", "7", "--resume"));
    const pngs = async () => {
      expect((await attar("export", "subset", "--to", "imagefolder", "--out", "exported")).code).toBe(0);
      return readdirSync(path("exported", "train"), { recursive: true }).filter((f) => String(f).endsWith(".png"))
        .length;
    };
    expect(await pngs()).toBe(20);
    expect((await attar(...subset, "--ipc", "1", "--force")).code).toBe(0);
    expect(await pngs()).toBe(10);
    mkdirSync(path("exported", "train", "something else"));
    expectRefusal(2, await attar("export", "subset", "--to", "imagefolder", "--out", "exported"));
  });

  test("is evaluated again from the scores that are kept, with --resume only", async () => {
    const words = [
      "--on",
      "digits",
      "--nets",
      "mlp:width=8",
      "--epochs",
      "20",
      "--repeats",
      "2",
      "--baselines",
      "random",
    ];
    const scores = async (...more: string[]) => {
      const { results, baselines } = JSON.parse((await attar("evaluate", "whole", ...words, "--json", ...more)).stdout);
      return [...results, ...baselines.random.results].map((r: { accuracy: { runs: number[] } }) => r.accuracy.runs);
    };
    const first = await scores();
    const lines = readFileSync(path("whole", "scores.ndjson"), "utf8").trimEnd().split("\n").slice(-4);
    expect(lines.map((line) => JSON.parse(line).values)).toEqual(first.flat().map((accuracy) => ({ accuracy })));
    // As earlier versions wrote it.
    const altered = JSON.stringify({ key: JSON.parse(lines[1]!).key, accuracy: 0.125, seconds: 1 });
    writeFileSync(path("whole", "scores.ndjson"), `${lines[0]}\ngarbage\n${altered}\n{"key":"cut sho`);
    expect(await scores("--resume")).toEqual([[first[0]![0], 0.125], first[1]]);
    expect(await scores()).toEqual(first);
  });

  test("a set with a label out of range, or cut short, is refused", async () => {
    const bytes = condensed("whole");
    const length = Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
    const damaged = Buffer.from(bytes);
    damaged.writeBigInt64LE(99n, 8 + length + header.labels.data_offsets[0]);
    writeFileSync(path("label.safetensors"), damaged);
    writeFileSync(path("cut.safetensors"), bytes.subarray(0, bytes.length - 100));
    copyFileSync(path("whole", "grid.png"), path("picture.safetensors"));
    for (const name of ["label", "cut", "picture"])
      expectRefusal(2, await attar("evaluate", `${name}.safetensors`, "--on", "digits"));
  });

  test("is described before it starts", async () => {
    const { stdout } = await attar(...args, "--out", "never", "--dry-run", "--json");
    const { configuration, estimate } = JSON.parse(stdout);
    expect(configuration).toMatchObject({ method: "dm", dataset: "digits", ipc: 2, steps });
    expect(estimate.flops).toBeGreaterThan(0);
    expect(estimate.measuredSeconds).toBeGreaterThan(0);
    expect(estimate.measuredPeakMemoryBytes).toBeGreaterThan(estimate.stepBytes);
  });

  test("diverges with exit code 3 and keeps its last good state", async () => {
    const wild = ["condense", "digits", "--steps", "60", ...small, "--set", "imageLearningRate=1e300", "--out", "wild"];
    const { code, stderr } = await attar(...wild, "--quiet");
    expect(stderr).toMatch(/^attar: .*diverged.*\n {2}→ .+\n$/);
    expect(code).toBe(3);
    expect((await attar(...wild)).stderr).toContain("unfinished run");
  });
});
