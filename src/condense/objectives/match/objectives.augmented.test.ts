import { readFileSync } from "node:fs";
import { heldToGolden } from "../../../../test/fixtures/heldToGolden.ts";
import type { ObjectiveCase } from "../../../../test/fixtures/objective.ts";
import { dsa, idc, teddy } from "../../../methods/index.ts";
import { type Draw, identityDraw } from "../../../tricks/index.ts";

/** Losses and gradients of golden/methods/objectives_augmented.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../../../golden/methods/objectives_augmented.json", import.meta.url), "utf8"),
) as Record<string, { loss: number; gradient: number[] }>;

const turn = (-12 * Math.PI) / 180;
const draw = (own: Partial<Draw>): Draw => ({ ...identityDraw, ...own });

/** One operator for each of the three classes. */
const siamese = {
  "colour, crop, cutout": [
    draw({ brightness: 0.3, saturation: 1.7, contrast: 0.6 }),
    draw({ shift: [-1, 1] }),
    draw({ cutout: [-1, 3, 4] }),
  ],
  "flip, scale, rotate": [
    draw({ flip: true }),
    draw({ affine: [1.15, 0, 0, 0.87] }),
    draw({ affine: [Math.cos(turn), -Math.sin(turn), Math.sin(turn), Math.cos(turn)] }),
  ],
};
const composite = draw({ brightness: -0.2, contrast: 1.3, shift: [1, -1], cutout: [2, -1, 4], colourFirst: true });

const cases: readonly ObjectiveCase[] = [
  ...Object.entries(siamese).flatMap(([name, augment]): ObjectiveCase[] => [
    { golden: `dsa, ${name}`, method: dsa, augment },
    { golden: `teddy, ${name}`, method: teddy, settings: { "discrepancy.variance": 0.7 }, augment },
  ]),
  {
    golden: "idc, composite",
    method: idc,
    settings: { "discrepancy.norm": "squared" },
    pixels: { scale: 0.4, offset: 0.5 },
    augment: [composite, composite, composite],
  },
];

heldToGolden(golden, cases);
