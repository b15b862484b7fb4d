import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../src/cli/settings.ts";
import { trimEvents } from "../src/condense/node/prepareFolder.node.ts";
import { readRecord } from "../src/condense/node/runRecord.node.ts";
import { parseStrictJson } from "../src/data/formats/strictJson.ts";
import { load } from "../src/data/node/load.node.ts";
import { holderIn, isLockText } from "../src/data/node/lockHolder.node.ts";
import { readManifest } from "../src/data/node/manifest.node.ts";
import { parsePictureSize } from "../src/data/readOptions.ts";
import { scoreFile } from "../src/evaluate/node/scoreFile.node.ts";
import { parseNetwork } from "../src/hypotheses/index.ts";
import { parseSubject } from "../src/measure/subject.ts";
import { parseStrategy } from "../src/tricks/index.ts";
import { parseEncoder } from "../src/views/pushForward/index.ts";
import { bytesOf } from "../test/fixtures/files/bytes.ts";
import type { Target } from "./target.ts";

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const texts =
  (...all: string[]) =>
  () =>
    all.map(bytesOf);

/** Writes the input under a name and returns its path. */
function put(folder: string, name: string, bytes: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const table = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n";
const pixels = Array.from({ length: 4 }, (_, i) => `${Array.from({ length: 16 }, (_, k) => (i * k) % 256)},${i % 2}`);
const record = {
  configuration: { dataset: "digits", method: "dm", ipc: 1, steps: 4, seed: 0 },
  versions: { attar: "0.1.0", node: "v20" },
  device: "cpu",
  executor: "onnx",
  cores: 2,
  earlier: [{ until: 2, versions: { attar: "0.1.0" }, device: "cpu", executor: "onnx", cores: 2 }],
};
const events = [{ event: "step", step: 1, loss: 2 }, { event: "step", step: 4 }, { event: "done" }];
const score = { key: "a", values: { accuracy: 0.5, "calibration:bins=3.nll": 2 }, seconds: 1 };
const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");

/** Words of the command line, each read by the parsers of all options. */
function readWords(text: string): void {
  const words = text.split("\n");
  const parsers = [parseNetwork, parseEncoder, parseSubject, parseStrategy, parsePictureSize, setting];
  for (const [i, word] of words.entries()) parsers[i % parsers.length]!(word);
}
const setting = (word: string) => readSettings(undefined, [word], {});

/** Parsers of text: tables, settings, words, and the records that attar keeps. */
export const textTargets: readonly Target[] = [
  {
    name: "csv",
    seeds: texts(table, pixels.join("\n"), '"a";"b;c";class\r\n1;2;"x"\r\n3;4;"y ""z"""\r\n', "1\t2\t0\n3\t4\t1\n"),
    parse: (bytes, folder) => load(put(folder, "x.csv", bytes)),
  },
  {
    name: "strict-json",
    seeds: texts('{"a":[1,2,{"b":"c\\n"}],"d":null}', '["x","\\u0041",-1.5e3,true]', JSON.stringify(record)),
    parse(bytes) {
      const text = textOf(bytes);
      const value = parseStrictJson(text, "f");
      if (JSON.stringify(value) !== JSON.stringify(JSON.parse(text)))
        throw new Error("JSON.parse reads something else");
    },
  },
  {
    name: "config",
    seeds: texts('{"ipc": 1, "steps": 2, "realBatch": 3}', '{"method":"dm","net":"mlp","hypotheses.every":2}'),
    parse: (bytes, folder) => readSettings(put(folder, "c.json", bytes), [], {}),
  },
  {
    name: "words",
    seeds: texts(
      "convnet:depth=3,width=128\nnetwork:trained,layer=2\nmnist:train[0:300]\ncolor_crop\n32x32x3\nsteps=20",
      "mlp\npca:50\nruns/x\nflip\n28x28\nhypotheses.every=2",
    ),
    parse: (bytes) => readWords(textOf(bytes)),
  },
  {
    name: "run.json",
    seeds: texts(JSON.stringify(record), JSON.stringify({ configuration: record.configuration })),
    parse: (bytes, folder) => readRecord(join(put(folder, "run.json", bytes), "..")),
  },
  {
    name: "events",
    seeds: texts(lines(events), `${lines(events)}{"event":"st`),
    parse: (bytes, folder) => trimEvents(put(folder, "events.ndjson", bytes), 2),
  },
  {
    name: "scores",
    seeds: texts(lines([score, { key: "b", accuracy: 0.5, seconds: 1 }])),
    parse: async (bytes, folder) =>
      (await scoreFile(put(folder, "scores.ndjson", bytes), true, () => undefined)).get("a"),
  },
  {
    name: "lock",
    seeds: texts(JSON.stringify({ pid: 1, started: "5", token: "a", host: "h", boot: "b", namespace: "n" })),
    parse: (bytes) => [isLockText(textOf(bytes)), holderIn(textOf(bytes))],
  },
  {
    name: "manifest",
    seeds: texts(`${"a".repeat(64)}  images/x/0.png\n${"0".repeat(64)}  grid.png\n`),
    parse: (bytes, folder) => readManifest(join(put(folder, ".attar.sha256", bytes), "..")),
  },
];
