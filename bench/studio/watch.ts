/** Code that runs in the page, to see it as a person does. */

/** Watches the page from its first moment: intervals of frames, long tasks, paints, and when pictures change. */
export const watching = () => {
  const seen = {
    frames: [] as number[],
    long: [] as number[],
    paints: {} as Record<string, number>,
    moved: [] as number[],
    inputs: [] as number[],
  };
  let last = performance.now();
  const frame = (now: number) => {
    seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const observe = (type: string, take: (entry: PerformanceEntry) => void, more: object = {}) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
    } catch {
      // This browser does not know the type.
    }
  };
  observe("longtask", ({ duration }) => seen.long.push(duration));
  observe("paint", ({ name, startTime }) => {
    seen.paints[name] = startTime;
  });
  observe("event", ({ duration }) => seen.inputs.push(duration), { durationThreshold: 16 });
  const put = CanvasRenderingContext2D.prototype.putImageData;
  const drawn = new WeakMap<object, string>();
  CanvasRenderingContext2D.prototype.putImageData = function (this: CanvasRenderingContext2D, ...words: unknown[]) {
    const { data } = words[0] as ImageData;
    const key = `${words[1]},${words[2]}`;
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i]!) % 1_000_003;
    const before = drawn.get(this.canvas) ?? "";
    const now = `${key}=${sum};`;
    if (!before.includes(now)) {
      drawn.set(this.canvas, (before + now).slice(-4000));
      if (this.canvas.closest("[aria-labelledby=set-title]")) seen.moved.push(performance.now());
    }
    return (put as (...words: unknown[]) => void).apply(this, words);
  };
  (globalThis as { seen?: object }).seen = seen;
};

/** What the page's watcher saw. */
export interface Seen {
  readonly frames: readonly number[];
  readonly long: readonly number[];
  readonly paints: Readonly<Record<string, number>>;
  readonly moved: readonly number[];
  readonly inputs: readonly number[];
}

/** The value below which a share of values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
