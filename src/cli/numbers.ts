import type { DomainKind } from "../engine/serving.ts";

/** Seconds of a minute, an hour and a day. */
const [minute, hour, day] = [60, 3600, 86_400] as const;

/**
 * A number for a person: so many significant digits, none in the place of a whole number's last digits, and powers of ten only
 * below a ten-thousandth and from ten million on.
 */
export function figure(value: number, digits = 4): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0) return String(value);
  if (size < 1e-4 || size >= 1e7) return Number(value.toPrecision(digits)).toExponential(digits - 1);
  return size >= 10 ** (digits - 1) ? value.toFixed(0) : value.toPrecision(digits);
}

/** A time span for a person: "0.4 s", "12 s", "3 min 20 s", "1 h 05 min", "2 d 03 h". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (s < minute) return `${s} s`;
  if (s < hour) return `${Math.floor(s / minute)} min ${two(s % minute)} s`;
  if (s < 2 * day) return `${Math.floor(s / hour)} h ${two((s % hour) / minute)} min`;
  return `${Math.floor(s / day)} d ${two((s % day) / hour)} h`;
}

/** A number of bytes for a person, in powers of 1024: "512 bytes", "1.50 KiB", "1020 MiB". */
export function byteCount(bytes: number): string {
  return bytes < 1024
    ? `${bytes} ${bytes === 1 ? "byte" : "bytes"}`
    : scaled(bytes, 1024, ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]);
}

/** Floating-point operations for a person, in powers of 1000: "1.50 GFLOP". */
export const flopCount = (flops: number): string =>
  scaled(flops, 1000, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"]);

/**
 * Writes how often something happens, for a person: "4.00/s", "120/s", "2.5 M/s"; seconds for one where it is rarer than
 * one in ten seconds.
 */
export function rateText(rate: number): string {
  if (rate >= 1e6) return `${(rate / 1e6).toFixed(1)} M/s`;
  return rate < 0.1 ? `${duration(1 / rate)} each` : `${rate.toFixed(rate < 10 ? 2 : 0)}/s`;
}

/** "1 image", "2 images": a count and what is counted. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** One sample of a kind, and several. */
const sampleWords: Readonly<Record<DomainKind, readonly [one: string, many: string]>> = {
  image: ["image", "images"],
  table: ["row", "rows"],
  series: ["series", "series"],
  embedding: ["embedding", "embeddings"],
};

/** Several samples of a kind: "images", "rows". */
export const sampleName = (kind: DomainKind): string => sampleWords[kind][1];

/** A number of samples of a kind: "1 image", "10 rows". */
export const sampleCount = (count: number, kind: DomainKind): string => counted(count, ...sampleWords[kind]);

/**
 * A value of a configuration as text: numbers without the rounding of binary fractions, "all" for a number without end, "none"
 * for an empty text; lists and objects as JSON.
 */
export function settingText(value: unknown): string {
  if (typeof value === "string") return value || "none";
  if (typeof value === "number") return plain(value);
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "number") return inner;
    return inner >= Number.MAX_SAFE_INTEGER ? "all" : Number(inner.toPrecision(12));
  });
}

const plain = (value: number) => (value >= Number.MAX_SAFE_INTEGER ? "all" : String(Number(value.toPrecision(12))));

/** Three digits and a unit; the next unit where rounding reaches it. */
function scaled(value: number, base: number, units: readonly string[]): string {
  let unit = 0;
  let left = value;
  while (Math.round(left) >= base && unit < units.length - 1) {
    left /= base;
    unit++;
  }
  return `${left.toFixed(left >= 99.95 ? 0 : left >= 9.995 ? 1 : 2)} ${units[unit]}`;
}
