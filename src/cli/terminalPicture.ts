import type { PlanarImage } from "../data/formats/png.ts";

/** How a terminal draws: `true` in 24-bit colour, `grey` in the 24 greys of 256 colours, `shades` in characters alone. */
export type TerminalColours = "true" | "grey" | "shades";

/** What a terminal shows of itself: process.stdout, or one that a test makes. */
export interface Terminal {
  readonly isTTY?: boolean;
  hasColors?(count: number): boolean;
}

/** Characters from black to white. */
const shades = [" ", "░", "▒", "▓", "█"] as const;
/** Columns between two pictures. */
const gap = 2;

/** The colours that a terminal has; characters alone where the output is no terminal, or where NO_COLOR is set. */
export function coloursOf(terminal: Terminal): TerminalColours {
  if (!terminal.isTTY || !terminal.hasColors) return "shades";
  if (terminal.hasColors(1 << 24)) return "true";
  return terminal.hasColors(256) ? "grey" : "shades";
}

/**
 * Pictures of one size side by side as lines of text, as many in a row as fit. A character stands for two pixels, one above
 * the other; pictures wider than `widest` are averaged down to it.
 *
 * @param columns the terminal's width in characters
 * @param widest of a picture, in characters
 */
export function terminalPicture(
  images: readonly PlanarImage[],
  columns: number,
  colours: TerminalColours,
  widest = 14,
): string[] {
  const first = images[0];
  if (!first) return [];
  const width = Math.min(first.width, widest);
  const height = 2 * Math.max(1, Math.round((first.height * width) / first.width / 2));
  const across = Math.max(1, Math.floor((columns + gap) / (width + gap)));
  const drawn = images.map((image) => linesOf(shrunk(image, width, height), colours));
  const lines: string[] = [];
  for (let start = 0; start < drawn.length; start += across) {
    if (start > 0) lines.push("");
    const row = drawn.slice(start, start + across);
    for (let y = 0; y < height / 2; y++) lines.push(row.map((picture) => picture[y]).join(" ".repeat(gap)));
  }
  return lines;
}

/** An image of another size: every pixel is the mean of the area that it covers. */
function shrunk({ channels, height, width, data }: PlanarImage, wide: number, tall: number): PlanarImage {
  const out = new Uint8Array(channels * tall * wide);
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < tall; y++)
      for (let x = 0; x < wide; x++) {
        const [top, bottom] = [(y * height) / tall, ((y + 1) * height) / tall];
        const [left, right] = [(x * width) / wide, ((x + 1) * width) / wide];
        let sum = 0;
        for (let v = Math.floor(top); v < bottom; v++)
          for (let u = Math.floor(left); u < right; u++) {
            const area = (Math.min(v + 1, bottom) - Math.max(v, top)) * (Math.min(u + 1, right) - Math.max(u, left));
            sum += area * data[(c * height + v) * width + u]!;
          }
        out[(c * tall + y) * wide + x] = Math.round(sum / ((bottom - top) * (right - left)));
      }
  return { channels, height: tall, width: wide, data: out };
}

function linesOf(image: PlanarImage, colours: TerminalColours): string[] {
  const { height, width } = image;
  return Array.from({ length: height / 2 }, (_, line) => {
    const cells = Array.from({ length: width }, (_, x) =>
      cell(pixel(image, 2 * line, x), pixel(image, 2 * line + 1, x), colours),
    );
    return colours === "shades" ? cells.join("") : `${cells.join("")}\x1b[0m`;
  });
}

type Colour = readonly [red: number, green: number, blue: number];

function pixel({ channels, height, width, data }: PlanarImage, y: number, x: number): Colour {
  const value = (c: number) => data[(c * height + y) * width + x]!;
  return channels === 3 ? [value(0), value(1), value(2)] : [value(0), value(0), value(0)];
}

function cell(upper: Colour, lower: Colour, colours: TerminalColours): string {
  if (colours === "true") return `\x1b[38;2;${upper.join(";")}m\x1b[48;2;${lower.join(";")}m▀`;
  if (colours === "grey") return `\x1b[38;5;${greyOf(upper)}m\x1b[48;5;${greyOf(lower)}m▀`;
  return shades[Math.min(4, Math.floor((5 * (brightness(upper) + brightness(lower))) / 512))]!;
}

/** Colours 232 to 255 of a terminal of 256 go from black to white. */
const greyOf = (colour: Colour) => 232 + Math.min(23, Math.floor((brightness(colour) * 24) / 256));

/** Rec. 601 luma, 0 to 255. */
const brightness = ([red, green, blue]: Colour) => 0.299 * red + 0.587 * green + 0.114 * blue;
