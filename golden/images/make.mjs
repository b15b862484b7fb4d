// Makes the images of golden/images: photographs by formula, in 20 sizes and shapes, encoded by sharp in every kind that it
// writes, with all orientations, grey, inks and profiles mixed. Then: python3 golden/images/reference.py
// Run from the repository's root: node golden/images/make.mjs
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import sharp from "sharp";

const folder = new URL("files/", import.meta.url);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);

/** A picture of slopes, stripes and a disc: smooth, with edges, and no two corners alike. */
function picture(width, height, seed) {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const disc = (u - 0.3) ** 2 + (v - 0.4) ** 2 < 0.04 ? 90 : 0;
      const stripe = Math.floor((x + 2 * y) / (5 + seed)) % 2 ? 25 : 0;
      data[at++] = Math.min(255, 220 * u + stripe + 10);
      data[at++] = Math.min(255, 180 * v + disc + stripe);
      data[at++] = Math.min(255, 120 * (1 - u) + 80 * v + disc / 2 + 3 * seed);
    }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const sizes = [
  [40, 30],
  [30, 40],
  [51, 17],
  [17, 51],
  [64, 64],
  [33, 33],
  [80, 60],
  [20, 15],
  [9, 12],
  [90, 45],
  [45, 90],
  [37, 29],
  [29, 37],
  [61, 48],
  [48, 61],
  [100, 20],
  [24, 24],
  [57, 31],
  [31, 57],
  [70, 70],
]; // prettier-ignore
for (const [i, [width, height]] of sizes.entries()) {
  const name = (ending) => new URL(`${String(i).padStart(2, "0")}-${ending}`, folder);
  const image = picture(width, height, i);
  const put = async (ending, encoded) => writeFileSync(name(ending), await encoded.toBuffer());
  if (i < 8) await put("turned.jpg", image.withMetadata({ orientation: i + 1 }).jpeg({ quality: 92 }));
  else if (i < 10) await put("grey.jpg", image.toColourspace("b-w").jpeg({ quality: 92 }));
  else if (i < 12) await put("ink.jpg", image.toColourspace("cmyk").jpeg({ quality: 92 }));
  else if (i === 12) await put("profile.jpg", image.withIccProfile("p3").jpeg({ quality: 92 }));
  else if (i === 13) await put("lossless.webp", image.webp({ lossless: true }));
  else if (i === 14) await put("colour.gif", image.gif());
  else if (i === 15) await put("colour.tiff", image.tiff({ compression: "lzw" }));
  else if (i === 16) await put("alpha.png", image.ensureAlpha(0.5).png());
  else if (i === 17) await put("palette.png", image.png({ palette: true, colours: 32 }));
  else if (i === 18)
    await put("progressive.jpg", image.jpeg({ quality: 92, progressive: true, chromaSubsampling: "4:4:4" }));
  else await put("lossless.avif", image.avif({ lossless: true, chromaSubsampling: "4:4:4" }));
}
