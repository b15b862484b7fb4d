import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { parsePickle } from "../src/data/formats/pickle/pickle.ts";
import { parseTorch } from "../src/data/formats/pickle/pt.ts";
import { parseZip } from "../src/data/formats/zip.ts";
import { nativeInflate } from "../src/data/node/nativeInflate.node.ts";
import type { Target } from "./target.ts";

/** Pickles and files of PyTorch that Python wrote; the path is from the folder that a person or a test runs in. */
function files(as: "pickle" | "torch", names: RegExp): Uint8Array[] {
  const { good } = JSON.parse(readFileSync("golden/pickles/pickles.json", "utf8")) as {
    good: { name: string; as: string; file: string }[];
  };
  return good
    .filter((of) => of.as === as && names.test(of.name))
    .map(({ file }) => new Uint8Array(Buffer.from(file, "base64")));
}

const states = () => files("torch", /^torch: (strides|a state dict|with arrays)/);

/** Parsers of pickles, which are programs to Python. */
export const pickleTargets: readonly Target[] = [
  {
    name: "pickle",
    seeds: () => files("pickle", /protocol|Python 2/),
    parse: (bytes) => parsePickle(bytes, "f"),
  },
  {
    name: "torch",
    seeds: () => [...states(), ...files("torch", /^torch before 1.6: (strides|a state dict|VICO)/)],
    parse: (bytes) => parseTorch(bytes, "f", nativeInflate),
  },
  {
    name: "pickle-in-torch",
    seeds: () => [parseZip(states()[0]!, "f").get("archive/data.pkl")!],
    sealed: (bytes) => zipSync({ ...Object.fromEntries(parseZip(states()[0]!, "f")), "archive/data.pkl": bytes }),
    parse: (bytes) => parseTorch(bytes, "f", nativeInflate),
  },
];
