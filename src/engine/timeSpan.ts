/** Seconds of a unit. */
const units: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** The seconds of a span of time as it is written: "90s", "10m", "1h30m", "1.5 h"; undefined for anything else. */
export function secondsOf(text: string): number | undefined {
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*(min|[smhd])/gy)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
  const read = parts.reduce((length, [part]) => length + part.length, 0);
  return read === text.trimEnd().length && seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}
