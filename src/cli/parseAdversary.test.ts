import { expect, test } from "vitest";
import { parseAdversary } from "./parseAdversary.ts";

test.each([
  ["linf,0.1", { norm: "linf", radius: 0.1, steps: 3, step: 0.5 }],
  ["l2,1,steps=7,step=0.3", { norm: "l2", radius: 1, steps: 7, step: 0.3 }],
  ["gaussian,0.25", { norm: "gaussian", radius: 0.25, steps: 3, step: 0.5 }],
  ["radius=8/255", { norm: "linf", radius: 8 / 255, steps: 3, step: 0.5 }],
])("%s", (written, wanted) => {
  expect(parseAdversary(written)).toEqual(wanted);
});

test.each(["l3,0.1", "linf,0", "linf,0.1,step", "linf,0.1,stepz=3", "linf,0.1,0.2"])('"%s" is refused', (written) => {
  expect(() => parseAdversary(written)).toThrow(/adversarial/);
});
