import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildNetwork, convnet } from "../src/hypotheses/index.ts";
import type { Prepared } from "./case.ts";
import { caseNamed, sizedCases } from "./cases/index.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { type Parity, parityText, type Reference } from "./parity.ts";
import { Peer, peerScript } from "./peer.ts";
import { type Fault, faults } from "./peerFaults.ts";
import { firstRuns, parityOf, peerRuns, referenceOf } from "./peerParity.ts";
import type { PeerVariant } from "./peerVariant.ts";
import { mostSmooth, smooth } from "./smoothParity.ts";

const interpreter = process.env.ATTAR_PYTHON || "python3";
const torch = spawnSync(interpreter, ["-c", "import torch"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "attar-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Threads that wait without spinning: the cores may have other work. */
const environment = { OMP_WAIT_POLICY: "PASSIVE" };

const names = [...new Set(sizedCases.map(({ body }) => body.name))].filter((name) => name !== "unroll-200");

test("every case has faults to be noticed", () => expect(Object.keys(faults).sort()).toEqual(names.sort()));

describe.skipIf(!torch).each(names)("PyTorch's %s", (name) => {
  const { body, input } = caseNamed(name);
  const network = (activation: "relu" | "swish") => buildNetwork(convnet({ width: 8, activation }), input, 10);
  let prepared: Prepared;
  let ours: NamedTensors[];
  let peer: Peer;
  let reference: Reference;
  beforeAll(async () => {
    prepared = await body.prepare(network(smooth.activation));
    ours = await firstRuns(body, prepared.run);
    peer = await Peer.start({ threads: 2, environment });
    reference = await referenceOf(peer, body, prepared.tensors, smooth);
  }, 600_000);
  afterAll(() => peer?.stop());

  const smoothParityOf = (sides: NamedTensors[][], against = reference): Parity =>
    parityOf(body, prepared, against, sides, mostSmooth);

  test("computes the same as attar along every axis but compilation", { timeout: 300_000 }, async () => {
    const own = smoothParityOf([ours]);
    expect({ text: parityText(own), equal: own.equal }).toMatchObject({ equal: true });
    for (const [axis, values] of Object.entries(await peer.options(name)))
      for (const value of axis === "compile" ? [] : values.slice(1)) {
        const change: PeerVariant = { [axis]: value };
        const theirs = await peerRuns(peer, body, prepared.tensors, { ...smooth, ...change });
        expect({ change, ...smoothParityOf([theirs]) }).toMatchObject({ change, equal: true });
      }
    expect(await peer.trial(0)).toBeGreaterThanOrEqual(0);
  });

  test("computes the same under the rectifier", { timeout: 300_000 }, async () => {
    const rectified = await body.prepare(network("relu"));
    const runs = await firstRuns(body, rectified.run);
    const against = await referenceOf(peer, body, rectified.tensors);
    expect(parityOf(body, rectified, against, [runs])).toMatchObject({ equal: true });
  });

  test.each(faults[name]!)("is refused with $what", { timeout: 300_000 }, async ({ tensors, python }: Fault) => {
    const wrong = python ? await Peer.start({ threads: 2, environment, script: changedScript(python) }) : peer;
    try {
      const given = tensors?.(prepared.tensors) ?? prepared.tensors;
      const results = await peerRuns(wrong, body, given, { ...smooth, precision: "float64" });
      expect(smoothParityOf([ours], { ...reference, results })).toMatchObject({ equal: false });
    } finally {
      if (wrong !== peer) wrong.stop();
    }
  });
});

/** The peer's program behind some lines of Python. */
function changedScript(python: readonly string[]): string {
  const script = join(folder, "changed.py");
  const lines = [
    `import runpy, sys; sys.path.insert(0, ${JSON.stringify(dirname(peerScript()))})`,
    ...python,
    `runpy.run_path(${JSON.stringify(peerScript())}, run_name="__main__")`,
  ];
  writeFileSync(script, lines.join("\n"));
  return script;
}
