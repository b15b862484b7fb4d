import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeNpz } from "../../src/data/formats/npz.ts";
import { parseSafetensors } from "../../src/data/formats/safetensors.ts";
import { tensor } from "../../src/engine/tensor.ts";
import { encodeLatent } from "../../src/measure/latentSet.ts";
import { end, expectRefusal, small, workplace } from "./attar.ts";

const { path, attar, start } = workplace();
const quick = ["--discrepancy", "mmd,moments,characteristic"];
const value = (keys: readonly string[] = []) => ["value", "stderr", "estimator", "seconds", ...keys];

beforeAll(async () => {
  const images = Float32Array.from({ length: 6 * 64 }, (_, i) => Math.sin(i));
  const sizes = { images: { shape: [6, 1, 8, 8], data: images } };
  const labels = (...own: number[]) => ({ labels: { shape: [6], data: Int32Array.from(own) } });
  writeFileSync(path("six.npz"), encodeNpz({ ...sizes, ...labels(0, 1, 2, 0, 1, 2) }));
  writeFileSync(path("two.npz"), encodeNpz({ ...sizes, ...labels(0, 1, 1, 0, 1, 1) }));
  const wide = { images: { shape: [6, 1, 4, 16], data: images } };
  writeFileSync(path("wide.npz"), encodeNpz({ ...wide, ...labels(0, 1, 2, 0, 1, 2) }));
  await attar("condense", "digits", "--ipc", "2", "--steps", "2", "--out", "run", ...small);
});

test("JSON has the documented keys, the same for the same seed", async () => {
  const run = ["measure", "digits:train", "digits:test", ...quick, "--json"];
  const { stdout, code } = await attar(...run);
  expect(code).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ a: "digits:train", b: "digits:test", perClass: false, interrupted: false, bounds: [] });
  expect(Object.keys(found.values)).toEqual(["mmd", "moments", "characteristic"]);
  for (const one of Object.values<object>(found.values)) expect(Object.keys(one)).toEqual(value());
  const timeless = (text: string) => text.replace(/"seconds":[\d.e-]+/g, "");
  expect(timeless((await attar(...run)).stdout)).toBe(timeless(stdout));
});

test("class by class the whole set's values stay where they were", async () => {
  const { stdout } = await attar("measure", "digits:train", "digits:test", ...quick, "--per-class", "--json");
  const found = JSON.parse(stdout);
  expect(found.perClass).toBe(true);
  const classes = Array.from({ length: 10 }, (_, c) => String(c));
  for (const one of Object.values<{ classes: object }>(found.values)) {
    expect(Object.keys(one)).toEqual(value(["classes"]));
    expect(Object.keys(one.classes)).toEqual(classes);
  }
});

test("a person gets a table; a run, a coreset and a half are subjects", async () => {
  for (const b of ["run", "herding:2", "digits/half1[0:100]+noise=0.5"]) {
    const { code, stdout } = await attar("measure", "digits", b, ...quick, "--quiet");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^digits : .+ +distance +estimator +time\nmmd +[\d.e-]+/);
  }
});

test("a set has no distance to itself, and noise makes one", async () => {
  const distance = async (b: string) =>
    JSON.parse((await attar("measure", "digits", b, "--discrepancy", "moments", "--json")).stdout).values.moments.value;
  expect(await distance("digits")).toBe(0);
  expect(await distance("digits+noise=1")).toBeGreaterThan(await distance("digits+noise=0.2"));
});

test("options reach the discrepancy", async () => {
  const of = async (...sets: string[]) =>
    JSON.parse((await attar("measure", "digits", "run", "--discrepancy", "moments", ...sets, "--json")).stdout).values
      .moments.value;
  expect(await of("--set", "moments.order=1")).toBeLessThan(await of());
  expect(await of("--set", "moments.covariance=true")).toBeGreaterThan(await of());
});

describe("push-forwards (§4)", () => {
  test("both through g_e; the encoder is kept and gives the same again", async () => {
    const { stdout, stderr } = await attar(
      ...["measure", "digits", "run", ...quick, "--encoder", "pca:8", "--save-encoder", "pca.safetensors", "--json"],
    );
    expect(stderr).toContain("encoder: pca.safetensors");
    const found = JSON.parse(stdout);
    expect(found.pushForward).toMatchObject({ encoder: "pca:8", dimension: 8, case: 1 });
    expect(found.pushForward.reconstruction.a.error).toBeGreaterThan(0.1);
    const again = JSON.parse(
      (await attar("measure", "digits", "run", ...quick, "--encoder", "pca.safetensors", "--json")).stdout,
    );
    expect(again.values.mmd.value).toBe(found.values.mmd.value);
  });
  test("codes against images, in either space", async () => {
    const { tensors } = parseSafetensors(readFileSync(path("pca.safetensors")), "pca");
    expect(tensors.get("components")!.shape).toEqual([8, 64]);
    const codes = tensor(
      Float32Array.from({ length: 80 }, (_, i) => Math.sin(i)),
      [10, 8],
    );
    const classes = Array.from({ length: 10 }, (_, c) => String(c));
    const latent = { codes, labels: Int32Array.from({ length: 10 }, (_, i) => i), classes };
    writeFileSync(path("codes.safetensors"), encodeLatent(latent));
    for (const [space, number] of [
      ["latent", 3],
      ["input", 2],
    ] as const) {
      const { stdout } = await attar(
        ...[
          "measure",
          "digits",
          "codes.safetensors",
          ...quick,
          "--encoder",
          "pca.safetensors",
          "--space",
          space,
          "--json",
        ],
      );
      const { pushForward, values } = JSON.parse(stdout);
      expect(pushForward.case).toBe(number);
      // The code of a decoded code is the code itself: the components are orthonormal.
      expect(pushForward.surjectivity).toMatchObject({ constantCoordinates: 0 });
      expect(pushForward.surjectivity.error).toBeLessThan(1e-5);
      expect(values.mmd.value).toBeGreaterThan(0);
    }
  });
});

test("the picture is a self-contained SVG with the references on it", async () => {
  const { code, stdout } = await attar("measure", "digits", "run", ...quick, "--plot", "distances.svg", "--per-class");
  expect(code).toBe(0);
  expect(stdout).toContain("A again  noise 0.25  noise 0.5  noise 1");
  const svg = readFileSync(path("distances.svg"), "utf8");
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+"/);
  expect(svg.match(/(?:href|src)="(?!data:)|url\(|@import/)).toBeNull();
  expect(svg.match(/class="dot[ "]/g)!.length).toBe(1 + 3);
  expect(svg).toContain("prefers-color-scheme: dark");
});

test("what a killed process left of a file is removed by the next one that writes it", async () => {
  const left = [".d.svg.", ".e.safetensors."].map((start) => path(`${start}${spawnSync("true").pid}.0a1b2c3d.tmp`));
  for (const file of left) writeFileSync(file, "half a picture");
  const run = ["measure", "six.npz", "six.npz", "--discrepancy", "moments", "--encoder", "pca:2"];
  expect(await attar(...run, "--plot", "d.svg", "--save-encoder", "e.safetensors", "--quiet")).toMatchObject({
    code: 0,
  });
  expect(left.filter((file) => existsSync(file))).toEqual([]);
});

test("the list of discrepancies names them and their options", async () => {
  const listed = JSON.parse((await attar("measure", "--list", "--json")).stdout);
  expect(listed.map(({ name }: { name: string }) => name)).toContain("mmd");
  const { stdout } = await attar("measure", "--list", "--markdown");
  expect(stdout.trim().split("\n").length).toBe(listed.length + 2);
});

test("under all, what does not apply is named with its reason and the rest is computed", async () => {
  const { stdout, code } = await attar(
    ...["measure", "digits[0:100]", "two.npz", "--net", "mlp:width=8", "--encoder", "pca:4", "--json"],
    ...["covering.covers=0", "ipm-critic.steps=5", "wasserstein-dual.steps=5"].flatMap((set) => ["--set", set]),
  );
  expect(code).toBe(0);
  const { values, skipped, bounds } = JSON.parse(stdout);
  expect(Object.keys(values)).toContain("mmd");
  expect(values["wasserstein-dual"]).toMatchObject({ bound: "lower", stderr: null });
  expect(values.mmd).not.toHaveProperty("bound");
  expect(skipped["test-loss"]).toBe("digits[0:100] has 10 classes and two.npz has 2");
  expect(bounds).toEqual([]);
});

test("Ctrl-C prints what is computed and exits with 4", async () => {
  const run = start("measure", "digits", "digits:test", "--json", "--net", "convnet:depth=2,width=32");
  let [text, log] = ["", ""];
  run.stdout!.on("data", (chunk) => {
    text += chunk;
  });
  await new Promise<void>((resolve) => {
    run.stderr!.on("data", (chunk) => {
      log += chunk;
      if (log.includes("ipm")) resolve();
    });
  });
  expect(await end(run, "SIGINT")).toBe(4);
  const found = JSON.parse(text);
  expect(found.interrupted).toBe(true);
  expect(log).toContain("stopping; what is computed is printed");
});

test("an error is JSON where JSON is asked for", async () => {
  const args = ["measure", "digits", "run", "--discrepancy", "mdm"];
  expectRefusal(2, await attar(...args), await attar(...args, "--json"));
});

describe("wrong input is one sentence, exit 2", () => {
  test.concurrent.each<readonly [string, readonly string[], RegExp]>([
    ["an unknown discrepancy", ["digits", "run", "--discrepancy", "mmd-laplacain"], /did you mean mmd-laplacian/],
    ["a discrepancy twice", ["digits", "run", "--discrepancy", "mmd,mmd"], /twice/],
    ["no discrepancy", ["digits", "run", "--discrepancy", ","], /--list/],
    ["an unknown option", ["digits", "run", "--set", "moments.ordr=1"], /Did you mean order/],
    ["an option without its discrepancy", ["digits", "run", "--set", "order=1"], /discrepancy\.option=value/],
    ["an option that is no number", ["digits", "run", "--set", "moments.order=two"], /from 1 to 16, got "two"/],
    ["γ outside (0, 2]", ["digits", "run", "--discrepancy", "mmd-gamma", "--set", "mmd-gamma.gamma=3"], /got "3"/],
    [
      "a formula that is minimised alone",
      ["digits", "run", "--discrepancy", "barycentre"],
      /barycentre is not measured: /,
    ],
    ["an unknown dataset", ["digts", "run"], /Did you mean digits/],
    ["an unknown split", ["digits:tset", "run"], /did you mean digits:test/],
    ["an unknown coreset", ["digits", "randon:3"], /did you mean random:3/],
    ["a coreset larger than a class", ["digits", "random:1000"], /use random:\d+ or less/],
    ["two coresets", ["random:1", "herding:1"], /neither random:1 nor herding:1/],
    ["a range outside", ["digits[0:99999]", "run"], /within \[0:1438\]/],
    ["different shapes", ["digits", "wide.npz"], /1x8x8 .* 1x4x16/],
    ["classes that do not match", ["digits", "two.npz", "--per-class"], /10 classes and two.npz has 2/],
    ["classes of other names", ["digits", "six.npz", "--discrepancy", "test-loss"], /10 classes and six.npz has 3/],
    ["an empty class", ["digits", "digits[0:5]", "--per-class"], /class ".+" of digits\[0:5\] has no sample/],
    ["one sample", ["digits", "digits[0:1]"], /is one sample/],
    ["one side", ["digits"], /two sets/],
    ["an unknown encoder", ["digits", "run", "--encoder", "pac:4"], /did you mean pca/],
    ["more components than there are", ["digits", "run", "--encoder", "pca:65"], /pca:64 or less/],
    ["a network without that layer", ["digits", "run", "--encoder", "network:random,layer=4"], /1 to 3/],
    ["an encoder that is no file", ["digits", "run", "--encoder", "none.safetensors"], /no such file/],
    ["a set as an encoder", ["digits", "run", "--encoder", "run/condensed.safetensors"], /is no encoder/],
    ["an unknown space", ["digits", "run", "--space", "inputs"], /did you mean --space input/],
    ["an unknown network", ["digits", "run", "--net", "convnt"], /convnet/],
  ])("%s", async (_, args, message) => {
    const plain = await attar("measure", ...args);
    expectRefusal(2, plain);
    expect(plain.stderr).toMatch(message);
  });
});
