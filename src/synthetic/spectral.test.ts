import fc from "fast-check";
import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../data/reader.ts";
import { compile, randomKey, resolveOptions, size, type Tensor, tensor } from "../engine/index.ts";
import { initialiseImages } from "./initialise.ts";
import type { TracedVariables } from "./space.ts";
import { spectral } from "./spectral.ts";

const made = async (given: object, ipc = 2, shape?: readonly [number, number, number]) => {
  const data = await tinyDataset();
  const dataset = shape ? { ...data, shape } : data;
  return { dataset, space: spectral.make(resolveOptions("space", spectral.options, given as never), dataset, ipc) };
};

test("every spectrum goes through every kernel: rows, columns and channels", async () => {
  const { space } = await made({ kernels: 3, rank: 0.5, spectra: 2 }, 2, [2, 4, 6]);
  const shapes = { spectra: [1, 2, 2, 2, 3], rows: [3, 2, 4], columns: [3, 3, 6], channels: [3, 2, 2] };
  const key = randomKey(3);
  const variables = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, tensor(key.fold(name).normal(size(shape)), shape)]),
  ) as Record<keyof typeof shapes, Tensor>;
  const decode = compile((v: TracedVariables) => space.decode(v));
  const images = (await decode(variables as never)) as unknown as Tensor;
  expect(images.shape).toEqual([1, 6, 2, 4, 6]);
  const { spectra, rows, columns, channels } = variables;
  const at = ({ data, shape }: Tensor, ...index: number[]) =>
    data[index.reduce((sum, i, d) => sum * shape[d]! + i, 0)]!;
  for (let i = 0; i < 2; i++)
    for (let j = 0; j < 3; j++)
      for (let c = 0; c < 2; c++)
        for (let y = 0; y < 4; y++)
          for (let x = 0; x < 6; x++) {
            let sum = 0;
            for (let d = 0; d < 2; d++)
              for (let p = 0; p < 2; p++)
                for (let q = 0; q < 3; q++)
                  sum += at(channels, j, c, d) * at(rows, j, p, y) * at(spectra, 0, i, d, p, q) * at(columns, j, q, x);
            expect(at(images, 0, i * 3 + j, c, y, x)).toBeCloseTo(sum, 4);
          }
});

test("starts as the images, blurred", async () => {
  const { dataset, space } = await made({ kernels: 1, spread: 0, spectra: 1, rank: 1 }, 1);
  const start = await space.initial({ name: "random" }, randomKey(7), readerOf(dataset));
  const grouped = { ...start, spectra: start.spectra!.reshape([3, 1, 1, 8, 8]) };
  const images = (await compile((v: TracedVariables) => space.decode(v))(grouped as never)) as unknown as Tensor;
  const real = await initialiseImages(readerOf(dataset), 1, { name: "random" }, randomKey(7));
  real.forEach((v, i) => {
    expect(images.data[i]).toBeCloseTo(v, 4);
  });
});

test("never stores more than the images it stands for, or says what to change", async () => {
  const { dataset } = await made({});
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.double({ min: 0.2, max: 1, noNaN: true }),
      fc.integer({ min: 1, max: 8 }),
      async (kernels, rank, ipc) => {
        try {
          const options = resolveOptions("space", spectral.options, { kernels, rank });
          const space = spectral.make(options, dataset, ipc);
          expect(space.storedFloats).toBeLessThanOrEqual(3 * ipc * 64);
          const start = await space.initial({ name: "noise" }, randomKey(0), readerOf(dataset));
          expect(Object.values(start).reduce((sum, t) => sum + t.data.length, 0)).toBe(space.storedFloats);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-combination", exitCode: 2 });
        }
      },
    ),
  );
});
