import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseNpz } from "../../formats/npz.ts";
import { decodeImage, type Wanted } from "../../images/decoder.ts";
import { fitImage, planar } from "../../images/fitImage.ts";
import { grey, type Pixels } from "../../images/pixels.ts";
import { nativeInflate } from "../nativeInflate.node.ts";
import { decodeBySharp } from "./sharpDecoder.node.ts";

const folder = new URL("../../../../golden/images/", import.meta.url);
const reference = parseNpz(readFileSync(new URL("reference.npz", folder)), "reference.npz", nativeInflate);
const names = readdirSync(new URL("files/", folder));
const size = [12, 16] as const;

/** [height, width, channels] in colour, as Pillow has them. */
function asPillow({ channels, height, width, data }: Pixels, step = 1): number[] {
  const out: number[] = [];
  for (let y = 0; y < height; y += step)
    for (let x = 0; x < width; x += step)
      for (let c = 0; c < 3; c++) out.push(data[((channels === 1 ? 0 : c) * height + y) * width + x]!);
  return out;
}

const furthest = (ours: number[], theirs: ArrayLike<number | bigint>) => {
  expect(ours.length).toBe(theirs.length);
  return ours.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(theirs[i]))), 0);
};

/** Colour engines round a profile's colours each in their way, as AVIF's decoders do; all else is equal to the bit. */
const slack = (name: string) => (/profile/.test(name) ? 3 : /avif/.test(name) ? 2 : 0);
/** Pillow 13 scales tall images down before across. */
const scaledSlack = (name: string) => Math.max(1, slack(name));

test("twenty sizes, all orientations, grey, inks, profiles and alpha are among them", () => {
  expect(names.length).toBe(35);
  expect(names.filter((name) => name.includes("turned")).length).toBe(13);
});

describe.each(names)("%s", (name) => {
  const theirs = (what: string) => reference.get(`${name}/${what}`)!.data;
  const decoded = (wanted?: Wanted) =>
    decodeImage(readFileSync(new URL(`files/${name}`, folder)), name, decodeBySharp, nativeInflate, wanted);

  test("has Pillow's size and pixels", async () => {
    const image = await decoded();
    expect([image.height, image.width]).toEqual([...theirs("size")]);
    expect(furthest(asPillow(planar(image), 5), theirs("full"))).toBeLessThanOrEqual(slack(name));
  });

  test.each(["cover", "contain", "stretch"] as const)("%s is Pillow's", async (fit) => {
    const image = fitImage(await decoded(), size, fit);
    expect(furthest(asPillow(image), theirs(fit))).toBeLessThanOrEqual(scaledSlack(name));
    const scaled = await decoded({ size, fit });
    expect(scaled.stored !== undefined).toBe(/large/.test(name));
    if (scaled.stored) expect(furthest(asPillow(fitImage(scaled, size, fit)), theirs(fit))).toBeLessThanOrEqual(3);
  });

  test("grey is Pillow's", async () => {
    const { channels, data } = fitImage(grey(await decoded()), size, "cover");
    expect(channels).toBe(1);
    expect(furthest([...data], theirs("grey"))).toBeLessThanOrEqual(scaledSlack(name));
  });
});
