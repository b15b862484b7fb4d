import { useEffect, useRef } from "preact/hooks";
import type { Images } from "../../src/studio/contract.ts";

/** The way in which bytes become grey levels. */
export type Display = "as is" | "full contrast";

interface PicturesProps {
  images: Images;
  label: string;
  wide?: boolean;
  display?: Display;
  /** Called with the number of a picture that is pointed at, or chosen by the arrow keys. */
  onPick?: (image: number) => void;
}

/** Pictures on one canvas, a row a class: the same number of pixels to each of theirs, so that nothing is smoothed. */
export function Pictures({ images, label, wide = false, display = "as is", onPick }: PicturesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picked = useRef(0);
  useEffect(() => {
    const due = requestAnimationFrame(() => canvas.current && draw(canvas.current, images, wide, display));
    return () => cancelAnimationFrame(due);
  });
  if (!onPick) return <canvas ref={canvas} class="pictures" role="img" aria-label={label} />;
  const pointed = (event: MouseEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    const { across, down, imageAt } = layoutOf(images, wide);
    const column = Math.floor(((event.clientX - box.left) / box.width) * across);
    const line = Math.floor(((event.clientY - box.top) / box.height) * down);
    const image = imageAt(column, line);
    if (image === undefined) return;
    picked.current = image;
    onPick(image);
  };
  const moved = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, Enter: 0, " ": 0 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    picked.current = (picked.current + by + images.count) % images.count;
    onPick(picked.current);
  };
  return (
    <button
      type="button"
      class="bare"
      aria-label={`${label}. Arrow keys choose a picture`}
      onClick={pointed}
      onKeyDown={moved}
    >
      <canvas ref={canvas} class="pictures" />
    </button>
  );
}

const gap = 1;

/** The places of pictures: a row a class, or of one picture a class some in a line. */
function layoutOf({ count, labels }: Images, wide: boolean) {
  const rows = [...new Set(labels)].sort((a, b) => a - b);
  const each = Math.max(1, ...rows.map((row) => labels.filter((label) => label === row).length));
  // One picture a class: lines of some classes take the place better than a column.
  const across = each === 1 ? Math.min(count, wide ? 10 : 5) : each;
  const down = each === 1 ? Math.ceil(count / across) : rows.length;
  const rowOf = new Map(rows.map((row, i) => [row, i]));
  const seen = new Map<number, number>();
  const places = Array.from(labels, (label): readonly [column: number, line: number] => {
    const k = seen.get(label) ?? 0;
    seen.set(label, k + 1);
    const order = rowOf.get(label)!;
    return each === 1 ? [order % across, Math.floor(order / across)] : [k, order];
  });
  const imageAt = (column: number, line: number): number | undefined => {
    const found = places.findIndex(([x, y]) => x === column && y === line);
    return found < 0 ? undefined : found;
  };
  return { across, down, places, imageAt };
}

function draw(canvas: HTMLCanvasElement, images: Images, wide: boolean, display: Display): void {
  const { channels, height, width, data } = images;
  const { across, down, places } = layoutOf(images, wide);
  canvas.width = across * (width + gap) + gap;
  canvas.height = down * (height + gap) + gap;
  const context = canvas.getContext("2d")!;
  const plane = width * height;
  for (const [i, [column, line]] of places.entries()) {
    const own = data.subarray(i * channels * plane, (i + 1) * channels * plane);
    const [least, most] = display === "as is" ? [0, 255] : extent(own);
    const pixels = new ImageData(width, height);
    for (let p = 0; p < plane; p++) {
      for (let c = 0; c < 3; c++)
        pixels.data[4 * p + c] =
          ((own[(channels === 3 ? c : 0) * plane + p]! - least) * 255) / Math.max(1, most - least);
      pixels.data[4 * p + 3] = 255;
    }
    context.putImageData(pixels, gap + column * (width + gap), gap + line * (height + gap));
  }
}

const extent = (bytes: Uint8Array): readonly [number, number] => [
  bytes.reduce((a, b) => Math.min(a, b), 255),
  bytes.reduce((a, b) => Math.max(a, b), 0),
];
