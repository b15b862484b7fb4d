import { mkdirSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../../src/data/formats/png.ts";
import { expectRefusal, workplace } from "./attar.ts";

const { path, attar, spawned } = workplace();
const png = encodePng({ channels: 1, height: 8, width: 8, data: Uint8Array.from({ length: 64 }, (_, i) => i) });
const write = (name: string, content: Uint8Array | string) => {
  mkdirSync(path(name, ".."), { recursive: true });
  writeFileSync(path(name), content);
};
const bigEndian = (...numbers: number[]) =>
  numbers.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);

beforeAll(() => {
  write("truncated.safetensors", Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, 123));
  write("absurd.safetensors", Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 123, 125));
  write("truncated.parquet", new TextEncoder().encode("PAR1 and then nothing more"));
  write("infinite.csv", "a,b,label\n1,2,x\n1e999,3,y\n1,4,x\n2,2,y\n");
  write("idx/train-images-idx3-ubyte", Uint8Array.from([...bigEndian(0x803, 9, 4, 4), 1, 2]));
  write("idx/train-labels-idx1-ubyte", Uint8Array.from([...bigEndian(0x801, 9), 1]));
  write("one/train/only/a.png", png);
  for (const name of ["a/1", "a/2", "b/1"]) write(`cut/train/${name}.png`, png);
  write("cut/train/b/2.png", png.subarray(0, 40));
  write("config.json", '{"ipc": 10, "stepz": 5}');
  write("list.json", "[]");
  write("nested.json", '\uFEFF{"hypotheses": {"every": 2}}');
  write("a file", "");
  write("photos/holiday.png", png);
  write("photos/lock", JSON.stringify({ pid: process.pid })); // the refusal needs no lock
});

describe("wrong input gets one sentence, the documented exit code and no stack trace", () => {
  test.concurrent.each<readonly [string, number, readonly string[]]>([
    ["an unknown command", 2, ["condens", "digits"]],
    ["an unknown dataset", 2, ["condense", "nosuch"]],
    ["a dataset named like a property of objects", 2, ["condense", "constructor"]],
    ["an unknown method", 2, ["condense", "digits", "--method", "dmm"]],
    ["an unknown option", 2, ["condense", "digits", "--ipcs", "3"]],
    ["no dataset", 2, ["condense"]],
    ["two datasets", 2, ["condense", "digits", "mnist"]],
    ["an unknown network", 2, ["condense", "digits", "--net", "convnt"]],
    ["an unknown option of a network", 2, ["condense", "digits", "--net", "convnet:widht=3"]],
    ["an unknown setting", 2, ["condense", "digits", "--set", "realbatch=4"]],
    ["an unknown preset", 2, ["condense", "digits", "--preset", "desktop"]],
    ["an unknown device", 2, ["condense", "digits", "--device", "tpu"]],
    ["an unknown initialisation", 2, ["condense", "digits", "--set", "initialisation=zeros"]],
    ["an unknown augmentation", 2, ["condense", "digits", "--set", "augmentation=colour"]],
    ["an unknown setting in a file", 2, ["condense", "digits", "--config", "config.json"]],
    ["a configuration file that holds no object", 2, ["condense", "digits", "--config", "list.json"]],
    ["a configuration file that is not there", 2, ["condense", "digits", "--config", "none.json"]],
    ["ipc 0", 2, ["condense", "digits", "--ipc", "0"]],
    ["negative ipc", 2, ["condense", "digits", "--ipc", "-3"]],
    ["ipc that is no number", 2, ["condense", "digits", "--ipc", "ten"]],
    ["a subset larger than a class", 2, ["condense", "digits", "--method", "herding", "--ipc", "1000"]],
    ["no threads", 2, ["condense", "digits", "--threads", "0"]],
    ["a truncated IDX file", 2, ["condense", "idx"]],
    ["a truncated PNG", 2, ["condense", "cut", "--ipc", "1"]],
    ["a truncated Parquet file", 2, ["condense", "truncated.parquet"]],
    ["a truncated safetensors file as a dataset", 2, ["condense", "truncated.safetensors"]],
    ["a folder with one class", 2, ["condense", "one", "--ipc", "1"]],
    ["an infinity in a CSV", 2, ["condense", "infinite.csv"]],
    ["a truncated safetensors file", 2, ["evaluate", "truncated.safetensors", "--on", "digits"]],
    ["an absurd header length", 2, ["evaluate", "absurd.safetensors", "--on", "digits"]],
    ["a run that is not there", 2, ["evaluate", "nowhere", "--on", "digits"]],
    ["a folder that is no run", 2, ["evaluate", "photos", "--on", "digits"]],
    ["no dataset to test on", 2, ["evaluate", "random"]],
    ["more threads than a machine has", 2, ["condense", "digits", "--threads", "100000"]],
    ["a part without an option", 2, ["condense", "digits", "--config", "nested.json"]],
    ["an option named like a property of objects", 2, ["condense", "digits", "--set", "hypotheses.__proto__=1"]],
    ["a network where none is looked through", 2, ["condense", "digits", "--method", "kip", "--net", "ntk:depth=3"]],
    ["an encoder to save that is not there", 2, ["measure", "digits:train", "digits:test", "--save-encoder", "x"]],
    ["experts that nobody trained", 2, ["experts", "digits", "--list", "--out", "nowhere"]],
    ["an unknown device", 2, ["condense", "digits", "--device", "tpu"]],
    ["an unknown baseline", 2, ["evaluate", "random", "--on", "digits", "--baselines", "randm"]],
    ["a network for evaluation that is unknown", 2, ["evaluate", "random", "--on", "digits", "--nets", "convnet,mpl"]],
    ["an unknown method to describe", 2, ["methods", "dmm"]],
    ["an unknown augmentation", 2, ["evaluate", "random", "--on", "digits", "--ipc", "1", "--augmentation", "crup"]],
    ["an unknown dataset to pull", 2, ["data", "pull", "mnits"]],
    ["an unknown export format", 2, ["export", "photos", "--to", "parket"]],
    ["an export without a format", 2, ["export", "photos"]],
    ["an output folder inside a file", 1, ["condense", "digits", "--steps", "1", "--out", "a file/run"]],
    ["an output folder where none can be made", 1, ["condense", "digits", "--steps", "1", "--out", "/proc/attar"]],
    ["an output folder of someone else's files", 2, ["condense", "digits", "--out", "photos", "--force"]],
  ])("%s", async (_, code, args) => {
    const [plain, json] = await Promise.all([attar(...args), attar(...args, "--json")]);
    expectRefusal(code, plain, json);
  });
});

test("a process of its own ends in the same way", async () => {
  for (const [code, ...args] of [
    [2, "condense", "nosuch"],
    [2, "measure", "digits", "--setz"],
    [1, "condense", "digits", "--steps", "1", "--out", "a file/run"],
  ] as const) {
    const json = await spawned(...args, "--json");
    expectRefusal(code, await spawned(...args), json);
    expect(json).toEqual(await attar(...args, "--json"));
  }
});

test("a misspelt word comes with the right one", async () => {
  for (const [args, hint] of [
    [["condens", "digits"], "did you mean attar condense?"],
    [["data", "lst"], "did you mean attar data list?"],
    [["evaluate", "random", "--onn", "digits"], "did you mean --on?"],
    [["condense", "digits", "--set", "step=3"], 'did you mean "steps"?'],
    [["condense", "digits", "--ipc"], "see attar condense --help"],
  ] as const)
    expect((await attar(...args)).stderr).toContain(hint);
});
