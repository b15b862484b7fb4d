import { useEffect, useRef } from "preact/hooks";
import type { Images } from "../../src/studio/contract.ts";

/** Pictures on one canvas, a row a class: the same number of pixels to each of theirs, so that nothing is smoothed. */
export function Pictures({ images, label, wide }: { images: Images; label: string; wide?: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const due = requestAnimationFrame(() => canvas.current && draw(canvas.current, images, wide));
    return () => cancelAnimationFrame(due);
  });
  return <canvas ref={canvas} class="pictures" role="img" aria-label={label} />;
}

const gap = 1;

function draw(canvas: HTMLCanvasElement, images: Images, wide = false): void {
  const { count, channels, height, width, data, labels } = images;
  const rows = [...new Set(labels)].sort((a, b) => a - b);
  const each = Math.max(1, ...rows.map((row) => labels.filter((label) => label === row).length));
  // One picture a class: two lines of classes take the place better than a column.
  const across = each === 1 ? Math.min(count, wide ? 10 : 5) : each;
  const down = each === 1 ? Math.ceil(count / across) : rows.length;
  canvas.width = across * (width + gap) + gap;
  canvas.height = down * (height + gap) + gap;
  const context = canvas.getContext("2d")!;
  const seen = new Map<number, number>();
  const place = rows.map((row, i) => [row, i] as const);
  const rowOf = new Map(place);
  for (let i = 0; i < count; i++) {
    const label = labels[i]!;
    const k = seen.get(label) ?? 0;
    seen.set(label, k + 1);
    const order = rowOf.get(label)!;
    const [column, line] = each === 1 ? [order % across, Math.floor(order / across)] : [k, order];
    const pixels = new ImageData(width, height);
    const plane = width * height;
    for (let p = 0; p < plane; p++) {
      for (let c = 0; c < 3; c++)
        pixels.data[4 * p + c] = data[i * channels * plane + (channels === 3 ? c : 0) * plane + p]!;
      pixels.data[4 * p + 3] = 255;
    }
    context.putImageData(pixels, gap + column * (width + gap), gap + line * (height + gap));
  }
}
