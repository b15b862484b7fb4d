import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildNetwork, convnet } from "../src/hypotheses/index.ts";
import { caseNamed, sizedCases } from "./cases/index.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { Peer, peerScript } from "./peer.ts";
import { firstRuns, parityOf } from "./peerParity.ts";
import type { AxisValue } from "./peerVariant.ts";

const interpreter = process.env.ATTAR_PYTHON || "python3";
const torch = spawnSync(interpreter, ["-c", "import torch"]).status === 0;
const network = () => buildNetwork(convnet({ width: 8 }), [1, 28, 28], 10);
const folder = mkdtempSync(join(tmpdir(), "attar-bench-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const names = [...new Set(sizedCases.map(({ body }) => body.name))].filter((name) => name !== "unroll-200");

describe.skipIf(!torch)("PyTorch", () => {
  test.each(names)(
    "%s computes the same as attar along every axis but compilation",
    { timeout: 240_000 },
    async (name) => {
      const { body } = caseNamed(name);
      const prepared = await body.prepare(network());
      const ours = await firstRuns(body, prepared.run);
      const peer = await Peer.start({ threads: 2 });
      try {
        const options = await peer.options(name);
        const changes: Record<string, AxisValue>[] = [{}];
        for (const [axis, values] of Object.entries(options))
          if (axis !== "compile") changes.push(...values.slice(1).map((value) => ({ [axis]: value })));
        for (const change of changes) {
          await peer.load(name, prepared.tensors, change);
          const theirs = await firstRuns(body, () => peer.runAndRead());
          expect({ change, ...parityOf(body, prepared, ours, theirs) }).toMatchObject({ change, equal: true });
          expect(await peer.trial(0)).toBeGreaterThanOrEqual(0);
        }
      } finally {
        peer.stop();
      }
    },
  );

  /** What the peer computes with one of its lines changed. */
  async function changed(name: string, tensors: NamedTensors, change: string): Promise<NamedTensors[]> {
    const script = join(folder, "changed.py");
    const peers = JSON.stringify(dirname(peerScript()));
    const lines = [
      `import runpy, sys; sys.path.insert(0, ${peers})`,
      "import torch; SGD = torch.optim.SGD",
      `torch.optim.SGD = lambda parameters, **options: SGD(parameters, **{**options, ${change}})`,
      `runpy.run_path(${JSON.stringify(peerScript())}, run_name="__main__")`,
    ];
    writeFileSync(script, lines.join("\n"));
    const peer = await Peer.start({ threads: 2, script });
    try {
      await peer.load(name, tensors, {});
      return await firstRuns(caseNamed(name).body, () => peer.runAndRead());
    } finally {
      peer.stop();
    }
  }

  test.each([
    ["training-epoch-100", "", true],
    ["training-epoch-100", '"weight_decay": 0', false],
    ["training-epoch-100", '"momentum": 0.85', false],
    ["idc-step", '"weight_decay": 0', false],
    ["idc-step", '"momentum": 0.85', false],
    ["dc-step", '"momentum": 0.4', false],
    ["dm-step", "", true],
    ["dm-step", '"momentum": 0.4', false],
  ])("%s with {%s} computes the same: %s", { timeout: 240_000 }, async (name, change, equal) => {
    const { body } = caseNamed(name);
    const prepared = await body.prepare(network());
    const ours = await firstRuns(body, prepared.run);
    const theirs = await changed(name, prepared.tensors, change);
    expect(parityOf(body, prepared, ours, theirs).equal).toBe(equal);
  });
});
