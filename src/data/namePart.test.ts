import { expect, test } from "vitest";
import { namePart } from "./namePart.ts";

test.each([
  ["mnist", "mnist"],
  ["/data/my cats", "_data_my_cats"],
  ["digits-mlp:width=8-seed0", "digits-mlp_width=8-seed0"],
  ["../x\0y\u001b[2J", ".._x_y_2J"],
  ["狗", "狗"],
  ["猫", "猫"],
  ["狗".repeat(90), "狗".repeat(46)],
])("%j becomes %j", (text, part) => {
  expect(namePart(text)).toBe(part);
});
