// Makes a folder of JPEG photographs of many sizes out of the test images of CIFAR-10, to try image folders on:
//   npm install sharp
//   node examples/photographs.mjs photographs 2000
//   attar data info ./photographs --size 32
//   attar condense ./photographs --size 32 --method dm --ipc 10 --steps 100
// The first share is train/, every fifth image test/. With a fourth argument all are of that size:
//   node examples/photographs.mjs jpegs 100000 200 64   (100,000 of 64 x 64, in 200 classes of nested images/ folders)
// With a fifth one only so many are encoded, and copied to all names:
//   node examples/photographs.mjs jpegs 100000 200 64 1500
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "attar";
import sharp from "sharp";

const [folder = "photographs", count = "1000", classes = "10", side, distinct = count] = process.argv.slice(2);
const { test, classes: names } = await load("cifar-10");
const plane = 32 * 32;

/** Image `i` of CIFAR-10's test split, colours of a pixel side by side. */
function picture(i) {
  const out = Buffer.alloc(3 * plane);
  for (let p = 0; p < plane; p++) for (let c = 0; c < 3; c++) out[3 * p + c] = test.images[(3 * i + c) * plane + p];
  return sharp(out, { raw: { width: 32, height: 32, channels: 3 } });
}

const kept = new Map();

async function write(i) {
  const image = i % test.labels.length;
  const label = classes === "10" ? names[test.labels[image]] : `n${String(i % Number(classes)).padStart(5, "0")}`;
  const inside = side ? "images" : "";
  const turn = classes === "10" ? i : Math.floor(i / Number(classes)); // else some classes would be in one split only
  const at = join(folder, turn % 5 === 4 ? "test" : "train", label, inside);
  mkdirSync(at, { recursive: true });
  const of = i % Number(distinct);
  if (!kept.has(of)) kept.set(of, encode(of, of % test.labels.length));
  writeFileSync(join(at, `${i}.jpg`), await kept.get(of));
  if (distinct === count) kept.delete(of);
}

async function encode(i, image) {
  const [width, height] = side ? [Number(side), Number(side)] : [96 + ((37 * i) % 160), 80 + ((53 * i) % 170)];
  let made = picture(image)
    .resize(width, height, { fit: "fill", kernel: "cubic" })
    .modulate({ brightness: 1 + ((i % 7) - 3) / 40 });
  if (!side && i % 11 === 0) made = made.toColourspace("b-w");
  if (!side && i % 13 === 0) made = made.toColourspace("cmyk");
  if (!side && i % 6 === 0) made = made.rotate(90).withMetadata({ orientation: 8 });
  return made.jpeg({ quality: 88 }).toBuffer();
}

const total = Number(count);
let next = 0;
const work = async () => {
  while (next < total) await write(next++);
};
await Promise.all([work(), work(), work(), work()]);
console.log(`${total} images in ${folder}`);
