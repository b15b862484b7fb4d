import { useEffect, useRef } from "preact/hooks";
import type { Projection } from "../../src/studio/contract.ts";
import { placesOf } from "../../src/studio/placesOf.ts";
import { chosenClass, cursor, dataset, frameCount, frames, projection, shown } from "../state/store.ts";

const [width, height, pad] = [640, 360, 16];

/** T grey and still along its two directions of largest variance, S moving in it with a trail an image. */
export function ProjectionPanel() {
  frameCount.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [found, frame, alone] = [projection.value, shown.value, chosenClass.value];
  const until = cursor.value ?? Number.POSITIVE_INFINITY;
  useEffect(() => {
    if (!found) return;
    const due = requestAnimationFrame(() => {
      if (canvas.current) draw(canvas.current, found, until, alone);
    });
    return () => cancelAnimationFrame(due);
  });
  const classes = dataset.value?.classes ?? [];
  const percent = (share: number | undefined) => `${(100 * (share ?? 0)).toFixed(0)} %`;
  return (
    <section class="panel wide" aria-labelledby="projection-title">
      <h2 id="projection-title">S within T</h2>
      {found ? (
        <>
          <canvas
            ref={canvas}
            width={width}
            height={height}
            class="projection"
            role="img"
            aria-label={`${found.labels.length} samples of T, and the ${frame?.images.count ?? 0} images of S among them`}
          />
          <p class="quiet">
            The two directions in which pictures of T vary most, {percent(found.shares[0])} and{" "}
            {percent(found.shares[1])} of its variance; fitted to T once, so that only S moves. Dots are samples of T,
            letters the classes of S.{" "}
            <label>
              class{" "}
              <select
                value={alone ?? ""}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  chosenClass.value = value === "" ? undefined : Number(value);
                }}
              >
                <option value="">all</option>
                {classes.map((name, i) => (
                  <option key={name} value={i}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </p>
        </>
      ) : (
        <p class="quiet">It is fitted once the data is open.</p>
      )}
    </section>
  );
}

/** Frames of a trail that are drawn. */
const trail = 40;

function draw(canvas: HTMLCanvasElement, found: Projection, until: number, alone: number | undefined): void {
  const context = canvas.getContext("2d")!;
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  const { points, labels } = found;
  const steps = frames.steps.filter((step) => step <= until);
  const every = Math.max(1, Math.ceil(steps.length / trail));
  const drawn = steps.filter((_, i) => i % every === 0 || i === steps.length - 1).map((step) => frames.at(step)!);
  if (drawn.length === 0 && frames.count > 0) drawn.push(frames.at(0)!);
  const places = drawn.map(({ images }) => placesOf(images.data, found));
  const all = [points, ...places];
  const [x, y] = [0, 1].map((axis) => {
    const least = Math.min(...all.map((some) => extreme(some, axis, Math.min)));
    const most = Math.max(...all.map((some) => extreme(some, axis, Math.max)));
    const room = (axis === 0 ? width : height) - 2 * pad;
    return (value: number) => {
      const share = (value - least) / (most - least || 1);
      return pad + room * (axis === 0 ? share : 1 - share);
    };
  }) as [(v: number) => number, (v: number) => number];
  context.clearRect(0, 0, width, height);
  context.fillStyle = colour("--quiet");
  for (let i = 0; i < labels.length; i++) {
    context.globalAlpha = alone === undefined || labels[i] === alone ? 0.45 : 0.07;
    context.fillRect(x(points[2 * i]!) - 1, y(points[2 * i + 1]!) - 1, 2, 2);
  }
  const last = drawn.at(-1);
  if (!last) return;
  context.font = "bold 13px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const names = dataset.value?.classes ?? [];
  for (const [i, label] of last.images.labels.entries()) {
    if (alone !== undefined && label !== alone) continue;
    context.globalAlpha = 0.6;
    context.strokeStyle = colour("--fill");
    context.beginPath();
    for (const own of places) context.lineTo(x(own[2 * i]!), y(own[2 * i + 1]!));
    context.stroke();
    context.globalAlpha = 1;
    const own = places.at(-1)!;
    const [left, top] = [x(own[2 * i]!), y(own[2 * i + 1]!)];
    context.fillStyle = colour("--panel");
    context.beginPath();
    context.arc(left, top, 9, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    context.fillStyle = colour("--text");
    context.fillText((names[label] ?? String(label)).slice(0, 2), left, top);
  }
}

function extreme(points: Float32Array, axis: number, of: (a: number, b: number) => number): number {
  let found = points[axis] ?? 0;
  for (let i = axis; i < points.length; i += 2) found = of(found, points[i]!);
  return found;
}
