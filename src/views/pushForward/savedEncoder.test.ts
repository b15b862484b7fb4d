import { describe, expect, test } from "vitest";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { encodeSafetensors } from "../../data/formats/safetensors.ts";
import { randomKey } from "../../engine/index.ts";
import { buildNetwork, mlp } from "../../hypotheses/index.ts";
import { networkEncoder } from "./network.ts";
import { encodeEncoder, encoderFormat, parseEncoderFile } from "./savedEncoder.ts";

const network = buildNetwork(mlp({ depth: 1, width: 4 }), [1, 4, 4], 3);
const encoder = networkEncoder(network, network.init(randomKey(0)), "embedding", "random");
const plain = { mean: "[0]", std: "[1]", format: encoderFormat };

/** Refused with the file's name, in less than a second of processor time and with less than 64 MiB of new memory. */
async function refuses(metadata: Record<string, string>, tensors: Record<string, NumericTensor>, message: RegExp) {
  const bytes = encodeSafetensors(tensors, { ...plain, ...metadata });
  const [cpu, memory] = [process.cpuUsage(), process.memoryUsage().arrayBuffers];
  await expect(parseEncoderFile(bytes, "f.safetensors")).rejects.toThrow(
    expect.objectContaining({ code: "bad-data", exitCode: 2, message: expect.stringMatching(message) }),
  );
  const { user, system } = process.cpuUsage(cpu);
  expect(user + system).toBeLessThan(1e6);
  expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(2 ** 26);
}

const own = { ...encoder.saved.metadata };

describe("refused before anything of the size that it claims is allocated", () => {
  test.each([
    [
      "a network far larger than the file",
      { input: "[1,512,512]", network: "mlp:width=4096" },
      /has no tensor|is not float32/,
    ],
    ["a hundred million classes", { classes: "100000000" }, /its metadata "classes" is "100000000"/],
    [
      "a network that there is none of",
      { network: "nonsense" },
      /^f\.safetensors: holds an encoder that cannot be built: .*nonsense/,
    ],
    [
      "options out of range",
      { network: "mlp:width=999999999" },
      /^f\.safetensors: holds an encoder that cannot be built/,
    ],
    ["an inherited option", { network: "mlp:constructor=1" }, /^f\.safetensors: holds an encoder that cannot be built/],
    ["images without pixels", { input: "[1,0,4]" }, /expected \[channels,height,width\]/],
    ["images of numbers that are none", { input: "{" }, /its metadata "input": not valid JSON/],
    ["a layer that there is none of", { layer: "7" }, /^f\.safetensors: holds an encoder that cannot be built/],
    ["a kind that there is none of", { kind: "toString" }, /holds an encoder of kind "toString"/],
    [
      "an autoencoder of a billion units",
      { kind: "autoencoder", dimension: "1000000000", width: "1000000000" },
      /has no tensor "encoder1.weight"/,
    ],
    ["principal components of nothing", { kind: "pca" }, /its components and mean do not fit/],
  ] as const)("%s", (_what, metadata, message) => refuses({ ...own, ...metadata }, encoder.saved.tensors, message));

  test("components without any", async () => {
    const tensors = {
      components: { shape: [0, 16], data: new Float32Array(0) },
      mean: { shape: [16], data: new Float32Array(16) },
    };
    await refuses({ ...own, kind: "pca" }, tensors, /its components and mean do not fit images of 16 values/);
  });
});

test("its own file is read", async () => {
  const bytes = await encodeEncoder(encoder, { mean: [0], std: [1] });
  expect((await parseEncoderFile(bytes, "f")).encoder.saved).toEqual(encoder.saved);
});
