import { describe, expect, test } from "vitest";
import { randomKey, Tensor, tensor } from "../../engine/index.ts";
import { buildNetwork, convnet, mlp } from "../../hypotheses/index.ts";
import type { Encoder, FittingSet } from "./encoder.ts";
import { surjectivity } from "./faithfulness.ts";
import { encodeEncoder, fitEncoder, injectivity, parseEncoder, parseEncoderFile, reconstruction } from "./index.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

/** Images [n, 1, side, side] on a plane of `rank` directions, with a little noise around it. */
function planar(n: number, side: number, rank: number, noise: number): FittingSet {
  const key = randomKey(7);
  const d = side * side;
  const directions = key.fold("directions").normal(rank * d);
  const weights = key.fold("weights").normal(n * rank);
  const images = key
    .fold("noise")
    .normal(n * d)
    .map((v) => v * noise);
  for (let i = 0; i < n; i++)
    for (let r = 0; r < rank; r++)
      for (let k = 0; k < d; k++)
        images[i * d + k]! += (rank - r) * weights[i * rank + r]! * directions[r * d + k]! + 1;
  const labels = Int32Array.from({ length: n }, (_, i) => i % 2);
  return { name: "planar", images: tensor(images, [n, 1, side, side]), labels, classes: ["a", "b"] };
}

const set = planar(200, 8, 3, 0.01);
const fit = async (text: string, network = mlp({ width: 16 })): Promise<Encoder> => {
  const spec = parseEncoder(text);
  if (spec.kind === "file" || spec.kind === "pixels") throw new Error("nothing to fit");
  return fitEncoder(spec, set, network, randomKey(0));
};

test("eigenvectors of a symmetric matrix", () => {
  const n = 12;
  const a = Float64Array.from(randomKey(3).normal(n * n));
  const s = a.map((x, at) => x + a[(at % n) * n + Math.floor(at / n)]!);
  const { values, vectors } = symmetricEigen(s.slice(), n);
  for (let i = 0; i < n; i++)
    for (let r = 0; r < n; r++) {
      let product = 0;
      for (let c = 0; c < n; c++) product += s[r * n + c]! * vectors[i * n + c]!;
      expect(product).toBeCloseTo(values[i]! * vectors[i * n + r]!, 10);
    }
  expect([...values]).toEqual([...values].sort((x, y) => y - x));
});

test("principal components agree with the eigenvectors of the whole covariance", async () => {
  const [n, d, m] = [200, 64, 5];
  const encoder = await fit(`pca:${m}`);
  const { data } = set.images;
  const mean = Array.from({ length: d }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += data[i * d + k]! / n;
    return sum;
  });
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++)
        covariance[k * d + l]! += ((data[i * d + k]! - mean[k]!) * (data[i * d + l]! - mean[l]!)) / n;
  const { values } = symmetricEigen(covariance, d);
  const codes = await encoder.encode(set.images);
  expect(codes.shape).toEqual([n, m]);
  for (let k = 0; k < m; k++) {
    let variance = 0;
    for (let i = 0; i < n; i++) variance += codes.data[i * m + k]! ** 2 / n;
    expect(variance / values[k]!).toBeCloseTo(1, 3);
  }
  const all = values.reduce((a, b) => a + b, 0);
  const lost = values.subarray(m).reduce((a, b) => a + b, 0);
  const { error } = (await reconstruction(encoder, set.images))!;
  expect(error / Math.sqrt(lost / all)).toBeCloseTo(1, 2);
});

test("an autoencoder learns: the plane is reconstructed far better than by its mean, on fresh points too", async () => {
  const encoder = await fit("autoencoder:3,epochs=1500,width=64");
  expect((await reconstruction(encoder, set.images))!.error).toBeLessThan(0.15);
  const fresh = planar(300, 8, 3, 0.01).images.rows(200, 300);
  expect((await reconstruction(encoder, fresh))!.error).toBeLessThan(0.3);
});

describe("a network's layer", () => {
  test("is the truncated network of the same parameters, and batches do not matter", async () => {
    const network = convnet({ depth: 2, width: 4 });
    const encoder = await fit("network:random,layer=1", network);
    expect(encoder.dimension).toBe(4 * 4 * 4);
    const codes = await encoder.encode(set.images);
    const one = await encoder.encode(set.images.rows(5, 6));
    expect(Math.max(...one.data.map((v, k) => Math.abs(v - codes.data[5 * 64 + k]!)))).toBeLessThan(1e-5);
    const whole = await fit("network:random", network);
    expect(whole.dimension).toBe(buildNetwork(network, [1, 8, 8], 2).features);
    expect((await fit("network:random,layer=logits", network)).dimension).toBe(2);
  });
  test("learns classes where it is trained", async () => {
    const encoder = await fit("network:trained,epochs=1,layer=logits");
    expect(encoder.description).toContain("trained 1 epochs on 200 images of planar");
    expect((await encoder.encode(set.images)).shape).toEqual([200, 2]);
  });
});

test.each(["pca:4", "network:random", "network:trained,layer=1", "autoencoder:3,epochs=2"])(
  "%s is the same encoder after saving",
  async (text) => {
    const encoder = await fit(text);
    const bytes = await encodeEncoder(encoder, { mean: [0.1], std: [0.3] });
    const { encoder: again, normalisation } = await parseEncoderFile(bytes, "there");
    expect(normalisation).toEqual({ mean: [0.1], std: [0.3] });
    expect(again.description).toBe(encoder.description);
    expect((await again.encode(set.images)).data).toEqual((await encoder.encode(set.images)).data);
    expect(await encodeEncoder(again, normalisation)).toEqual(bytes);
    const last = bytes.length - 2;
    await expect(parseEncoderFile(bytes.with(last, bytes[last]! ^ 1), "there")).rejects.toThrow(
      "there: its content has changed since it was written",
    );
  },
);

test("an encoder of whitened images is not saved: what is read back would not whiten", async () => {
  const encoder = await fit("pca:2");
  const zca = {
    dimension: 1,
    mean: new Float32Array(1),
    whiten: Float32Array.of(2),
    unwhiten: Float32Array.of(0.5),
  };
  await expect(encodeEncoder(encoder, { mean: [0.1], std: [0.3], zca })).rejects.toThrow("whitened");
});

describe("where an encoder is no bijection", () => {
  const coordinate = (index: readonly number[]): Encoder => ({
    name: "some pixels",
    description: "",
    input: [1, 8, 8],
    dimension: index.length,
    encode: async (images) =>
      tensor(
        Float32Array.from({ length: images.shape[0]! * index.length }, (_, at) => {
          const k = index[at % index.length]!;
          return images.data[Math.floor(at / index.length) * 64 + k]!;
        }),
        [images.shape[0]!, index.length],
      ),
    decode: async (codes) => {
      const data = new Float32Array(codes.shape[0]! * 64);
      for (let i = 0; i < codes.shape[0]!; i++)
        index.forEach((k, at) => {
          data[i * 64 + k] = codes.data[i * index.length + at]!;
        });
      return tensor(data, [codes.shape[0]!, 1, 8, 8]);
    },
    saved: { tensors: {}, metadata: {} },
  });
  const all = coordinate(Array.from({ length: 64 }, (_, k) => k));

  test("the identity has no collisions, contracts nothing and reconstructs exactly", async () => {
    const found = injectivity(set.images, await all.encode(set.images));
    expect(found).toEqual({ samples: 200, pairs: (200 * 199) / 2, collisions: 0, contraction: expect.closeTo(1, 6) });
    expect(await reconstruction(all, set.images)).toEqual({ samples: 200, error: 0, worst: 0 });
  });
  test("samples that differ where the encoder is blind collide", async () => {
    const data = set.images.data.slice() as Float32Array;
    data.copyWithin(64, 0, 64); // sample 1 is sample 0
    data.copyWithin(128, 0, 64); // and so is sample 2, but for one pixel
    data[128 + 9]! += 1;
    const images = new Tensor(data, set.images.shape, "float32");
    const blind = coordinate([0, 1, 2, 3]);
    const found = injectivity(images, await blind.encode(images));
    expect(found.pairs).toBe((200 * 199) / 2 - 1);
    expect(found.collisions).toBe(2);
    expect(found.contraction).toBe(0);
    expect((await reconstruction(blind, images))!.error).toBeGreaterThan(0.5);
  });
  test("codes that no sample has, and coordinates in which none differs", async () => {
    const data = set.images.data.slice() as Float32Array;
    for (let i = 0; i < 200; i++) data[i * 64] = 1;
    const blind = coordinate([0, 1]);
    const reached = await blind.encode(new Tensor(data, set.images.shape, "float32"));
    expect(await surjectivity(blind, reached, reached)).toEqual({ samples: 200, constantCoordinates: 1, error: 0 });
  });
});

test("codes have a usual length", () => {
  expect(parseEncoder("pca")).toEqual(parseEncoder("pca:50"));
  expect(parseEncoder("autoencoder:epochs=2")).toEqual(parseEncoder("autoencoder:32,epochs=2"));
});

test.each([
  ["pca:five", "a whole number of at least 1"],
  ["pca:0", "at least 1"],
  ["pca:200", "200 images"],
  ["pca:5,epochs=2", 'no option "epochs"'],
  ["pixles", "unknown encoder"],
  ["network:learned", "random or trained"],
  ["network:random,epochs=3", "not trained"],
  ["network:random,layer=9", "no layer 9"],
  ["autoencoder:32,depth=2", 'no option "depth"'],
])("%s is refused", async (text, message) => {
  await expect((async () => fit(text))()).rejects.toThrow(message);
});
