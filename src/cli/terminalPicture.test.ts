import { describe, expect, test } from "vitest";
import type { PlanarImage } from "../data/formats/png.ts";
import { coloursOf, terminalPicture } from "./terminalPicture.ts";

const grey = (height: number, width: number, values: readonly number[]): PlanarImage => ({
  channels: 1,
  height,
  width,
  data: Uint8Array.from(values),
});

describe("pictures in a terminal", () => {
  test("a character stands for two pixels, from black to white", () => {
    const image = grey(2, 4, [0, 255, 255, 128, 0, 255, 0, 128]);
    expect(terminalPicture([image], 80, "shades")).toEqual([" █▒▒"]);
  });

  test("upper and lower pixel in colour, reset at the line's end", () => {
    const image: PlanarImage = { channels: 3, height: 2, width: 1, data: Uint8Array.of(255, 1, 0, 2, 0, 3) };
    expect(terminalPicture([image], 80, "true")).toEqual(["\x1b[38;2;255;0;0m\x1b[48;2;1;2;3m▀\x1b[0m"]);
    expect(terminalPicture([grey(2, 1, [255, 0])], 80, "grey")).toEqual(["\x1b[38;5;255m\x1b[48;5;232m▀\x1b[0m"]);
  });

  test("larger pictures are averaged down, areas that a pixel shares count in part", () => {
    const image = grey(3, 3, [255, 255, 255, 255, 255, 255, 0, 0, 0]);
    // Two rows of one and a half: 255, and (0.5 · 255 + 0) / 1.5 = 85; a mean of 170 is the shade ▓.
    expect(terminalPicture([image], 80, "shades", 2)).toEqual(["▓▓"]);
    expect(terminalPicture([image], 80, "grey", 2)[0]).toContain("\x1b[38;5;255m\x1b[48;5;239m▀");
  });

  test("as many side by side as fit, at least one", () => {
    const white = grey(2, 2, [255, 255, 255, 255]);
    expect(terminalPicture([white, white, white], 6, "shades")).toEqual(["██  ██", "", "██"]);
    expect(terminalPicture([white, white], 1, "shades")).toEqual(["██", "", "██"]);
    expect(terminalPicture([], 80, "shades")).toEqual([]);
  });

  test("colours only on a terminal that has them", () => {
    const having = (most: number) => ({ isTTY: true, hasColors: (count: number) => count <= most });
    expect(coloursOf({ ...having(1 << 24), isTTY: false })).toBe("shades");
    expect(coloursOf(having(1 << 24))).toBe("true");
    expect(coloursOf(having(256))).toBe("grey");
    expect(coloursOf(having(16))).toBe("shades");
  });
});
