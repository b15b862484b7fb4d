import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { loadDigits } from "../../data/index.ts";
import { tensor } from "../../engine/index.ts";
import { dm } from "../../methods/index.ts";
import { encodeCheckpoint, parseCheckpoint } from "../checkpointContent.ts";
import { condense } from "../condense.ts";
import { resolveConfiguration } from "../configuration.ts";
import type { State } from "../state.ts";
import { readCheckpoint } from "./checkpoint.node.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-checkpoint-"));
});
afterAll(() => rm(folder, { recursive: true }));

const options = { ipc: 1, steps: 3 };
const digits = await loadDigits();
const configuration = resolveConfiguration(digits, dm, options);
const state: State = {
  step: 2,
  slots: {
    variables: { images: tensor(new Float32Array(640), [10, 1, 8, 8]) },
    guard: { loss: tensor(Float32Array.of(1)), "spread.images": tensor(Float32Array.of(2)) },
  },
};

/** The file that `encodeCheckpoint` makes of a state with odd names: its hash is right. */
const crafted = (slots: object, step: unknown = 2) =>
  encodeCheckpoint(configuration, { step, slots: { ...state.slots, ...slots } } as State);
const refused = (bytes: Uint8Array, message: RegExp) =>
  expect(parseCheckpoint(bytes, "f")).rejects.toMatchObject({
    code: "bad-data",
    message: expect.stringMatching(message),
  });

test("round trip", async () => {
  const { state: read, identity } = await parseCheckpoint(await encodeCheckpoint(configuration, state), "f");
  expect(read).toEqual(state);
  expect(identity).toBe(JSON.stringify(configuration));
});

test("a slot of a part that there is none of today comes back as it was", async () => {
  const memory = { "of class 0/row": tensor(Float32Array.of(0.1, -0), [2]), step: tensor(Int32Array.of(7)) };
  const own: State = { step: 3, slots: { ...state.slots, memory } };
  const { state: read } = await parseCheckpoint(await encodeCheckpoint(configuration, own), "f");
  expect(read).toEqual(own);
});

describe("a crafted checkpoint", () => {
  const names = ["__proto__/quiet", "constructor/prototype", "prototype/x", "quiet", "/x", "__proto__/__proto__"];
  test.each(names)("a tensor named %s changes no prototype, and is refused", async (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    const { tensors, metadata } = parseSafetensors(await crafted({}), "f");
    const all: Record<string, { shape: readonly number[]; data: Float32Array }> = Object.create(null);
    all[name] = { shape: [1], data: Float32Array.of(1) };
    for (const [own, { shape, data }] of tensors) all[own] = { shape, data: data as Float32Array };
    const bytes = encodeSafetensors(all, metadata);
    await refused(bytes, /content has changed/);
    await writeFile(join(folder, "state-00000002.safetensors"), bytes);
    await expect(readCheckpoint(folder, configuration)).rejects.toMatchObject({
      code: "damaged-checkpoint",
      exitCode: 1,
    });
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
    expect(({} as Record<string, unknown>).quiet).toBeUndefined();
  });

  test("names that are inherited, also with a right hash", async () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const variables: Record<string, unknown> = Object.assign(Object.create(null), state.slots.variables);
      variables[name] = tensor(Float32Array.of(1));
      await refused(await crafted({ variables }), /is no part of a state/);
    }
  });

  test("no variables, numbers that are none, another type", async () => {
    await refused(await crafted({ variables: {} }), /holds no variables/);
    for (const step of [-1, "2.5", 1.5, "two", ""]) await refused(await crafted({}, step), /step is no whole number/);
    const { metadata } = parseSafetensors(await crafted({}), "f");
    await refused(
      encodeSafetensors({ "variables/images": { shape: [1], data: Uint8Array.of(1) } }, metadata),
      /neither float32/,
    );
    await refused(encodeSafetensors({}, {}), /content has changed/);
  });

  test.each([
    ["no images", { variables: { labels: tensor(Float32Array.of(1)) } }],
    ["images of another shape", { variables: { images: tensor(new Float32Array(4), [1, 1, 2, 2]) } }],
    ["nothing of the update rule", { update: {} }],
    ["no guard", { guard: {} }],
  ])("%s: one error that says so", async (_what, odd) => {
    const steps = condense(digits, dm, {
      ...options,
      state: { ...state, slots: { ...state.slots, ...odd } as State["slots"] },
    });
    const run = async () => {
      for await (const event of steps) if (event.event === "done") return event.set.images.length;
      return undefined;
    };
    await expect(run()).rejects.toMatchObject({ name: "AttarError" });
  });
});
