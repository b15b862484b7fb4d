import { expect, test } from "vitest";
import { randomKey } from "../../engine/index.ts";
import { type GeneratorGround, hostedGenerator, makeGenerator, parseGenerator } from "../../generators/index.ts";
import { meanStyles } from "./meanStyles.ts";

const ground: GeneratorGround = {
  name: "noise",
  shape: [1, 8, 8],
  kind: "image",
  classes: 3,
  normalisation: { scale: 1, mean: [0.3], std: [0.4] },
};
const key = randomKey(3);
const hosted = (text: string) => {
  const made = makeGenerator(parseGenerator(text), ground);
  return hostedGenerator(made, made.init(key.fold("weights")));
};
const labels = Int32Array.of(0, 1, 2);

test("styles lead where their codes lead", async () => {
  const style = hosted("style:z=6,channels=4");
  const codes = style.sample(labels, key);
  const [whole, { ws }] = [await style.advance(codes, 2), await style.advance(codes, 1)];
  const onwards = await style.advance({ ws: ws! }, 2);
  for (const [part, t] of Object.entries(whole)) expect(onwards[part]!.data).toEqual(t.data);
  style.dispose();
});

test("S starts at the mean style of its class", async () => {
  const style = hosted("style:z=6,channels=4");
  const found = await meanStyles(style, labels, key, { chosen: { layer: 1, styles: 50 }, ipc: 1 });
  expect(found.ws!.shape).toEqual([3, ...style.generator.parts(1).ws!.shape]);
  const drawn = await style.advance(style.sample(new Int32Array(50).fill(1), key.fold(1)), 1);
  const each = drawn.ws!.data.length / 50;
  const mean = Array.from({ length: 50 }, (_, i) => drawn.ws!.data[i * each + 2]!).reduce((x, y) => x + y) / 50;
  expect(found.ws!.rows(1, 2).data[2]).toBeCloseTo(mean, 5);
  const deeper = await meanStyles(style, labels, key, { chosen: { layer: 2, styles: 50 }, ipc: 1 });
  expect(deeper).toEqual(await style.advance(found, 2));
  style.dispose();
});

test("several images a class, a code before styles and generators without any are refused", async () => {
  const [style, cvae] = [hosted("style:z=6,channels=4"), hosted("cvae")];
  const start = (of: typeof style, layer: number, ipc: number) =>
    meanStyles(of, labels, key, { chosen: { layer, styles: 50 }, ipc });
  await expect(start(style, 1, 10)).rejects.toThrow(/one start a class, and S has 10 images/);
  await expect(start(style, 0, 1)).rejects.toThrow(/not of layer 0 of style/);
  await expect(start(cvae, 1, 1)).rejects.toThrow(/generator of styles/);
  for (const of of [style, cvae]) of.dispose();
});
