/** A line over steps, on a scale of its own. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [step: number, value: number])[];
}

const [width, height, pad] = [300, 90, 4];

/** The most points of a line that are drawn: more than a page has pixels for. */
const drawn = 600;

/** Curves over steps with one cursor. The scale is logarithmic where values are positive and span more than a factor of ten. */
export function Curve({
  lines,
  steps,
  at,
  label,
  band,
}: {
  lines: readonly Line[];
  steps: number;
  at?: number;
  label: string;
  /** Values that others have: what the curve is held against. */
  band?: readonly [least: number, most: number];
}) {
  const own = lines.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const values = own.length === 0 ? own : [...own, ...(band ?? [])];
  if (values.length === 0) return <p class="quiet">No step yet.</p>;
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const isLog = least > 0 && most / least > 10;
  const scaled = (value: number) => (isLog ? Math.log(value) : value);
  const span = scaled(most) - scaled(least) || 1;
  const x = (step: number) => pad + ((width - 2 * pad) * step) / Math.max(1, steps);
  const y = (value: number) => height - pad - ((height - 2 * pad) * (scaled(value) - scaled(least))) / span;
  return (
    <figure class="curve">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${label}: from ${short(least)} to ${short(most)}`}
      >
        {band && <rect class="band" x="0" width={width} y={y(band[1])} height={Math.max(1, y(band[0]) - y(band[1]))} />}
        {lines.map(({ name, points }, i) => (
          <polyline
            key={name}
            class={`line line${i}`}
            points={thinned(points)
              .map(([s, v]) => `${x(s)},${y(v)}`)
              .join(" ")}
          />
        ))}
        {at !== undefined && <line class="cursor" x1={x(at)} x2={x(at)} y1="0" y2={height} />}
      </svg>
      <figcaption>
        {label}, {short(least)} to {short(most)}
        {isLog ? ", logarithmic" : ""}
        {band ? `; other samples of T: ${short(band[0])} to ${short(band[1])}` : ""}
        {lines.length > 1 && (
          <ul class="legend">
            {lines.map(({ name }, i) => (
              <li key={name} class={`line${i}`}>
                {name}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
    </figure>
  );
}

function thinned<T>(points: readonly T[]): readonly T[] {
  const every = Math.ceil(points.length / drawn);
  return every <= 1 ? points : points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

/** A number in three digits. */
export const short = (value: number): string =>
  value === 0 ? "0" : Math.abs(value) >= 1e4 || Math.abs(value) < 1e-3 ? value.toExponential(1) : value.toPrecision(3);
