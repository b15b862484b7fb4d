import fc from "fast-check";
import { expect, test } from "vitest";
import { byteCount, counted, duration, figure, flopCount, rateText, sampleCount, settingText } from "./numbers.ts";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [1023, "1023 bytes"],
  [1024, "1.00 KiB"],
  [1536, "1.50 KiB"],
  [1023.7 * 1024, "1.00 MiB"],
  [1020 * 1024 ** 2, "1020 MiB"],
  [300 * 1024 ** 2, "300 MiB"],
  [12.34 * 1024 ** 3, "12.3 GiB"],
  [5000 * 1024 ** 5, "5000 PiB"],
])("%d bytes: %s", (bytes, text) => expect(byteCount(bytes)).toBe(text));

test.each([
  [0, "0.0 s"],
  [0.04, "0.0 s"],
  [9.94, "9.9 s"],
  [9.97, "10 s"],
  [59.7, "1 min 00 s"],
  [200, "3 min 20 s"],
  [3599.6, "1 h 00 min"],
  [3900, "1 h 05 min"],
  [47 * 3600, "47 h 00 min"],
  [1e7, "115 d 17 h"],
])("%d seconds: %s", (seconds, text) => expect(duration(seconds)).toBe(text));

test.each([
  [0, "0"],
  [0.5, "0.5000"],
  [12.345678, "12.35"],
  [12345, "12345"],
  [1234567.8, "1234568"],
  [1e9, "1.000e+9"],
  [1.23456e-7, "1.235e-7"],
  [-0.001, "-0.001000"],
])("%d: %s", (value, text) => expect(figure(value)).toBe(text));

test("counts, rates, work", () => {
  expect([sampleCount(1, "image"), sampleCount(3, "table"), sampleCount(2, "series")]).toEqual([
    "1 image",
    "3 rows",
    "2 series",
  ]);
  expect([counted(1, "image"), counted(2, "image"), counted(1, "class", "classes")]).toEqual([
    "1 image",
    "2 images",
    "1 class",
  ]);
  expect([rateText(0.001), rateText(0.5), rateText(120), rateText(2.5e6)]).toEqual([
    "16 min 40 s each",
    "0.50/s",
    "120/s",
    "2.5 M/s",
  ]);
  expect([flopCount(1.5e9), flopCount(1.234e15), flopCount(999.6e9), flopCount(12)]).toEqual([
    "1.50 GFLOP",
    "1.23 PFLOP",
    "1.00 TFLOP",
    "12.0 FLOP",
  ]);
});

test("values of a configuration", () => {
  expect(settingText({ share: 0, steps: Number.MAX_SAFE_INTEGER, rate: 0.1 + 0.2 })).toBe(
    '{"share":0,"steps":"all","rate":0.3}',
  );
  expect([settingText(""), settingText("dm"), settingText(0.1 + 0.2), settingText(Number.MAX_SAFE_INTEGER)]).toEqual([
    "none",
    "dm",
    "0.3",
    "all",
  ]);
});

test("no size, span or amount of work is written with a power of ten", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (value) => {
      for (const text of [byteCount(Math.round(value)), duration(value), flopCount(value)])
        expect(text).toMatch(/^\d+(\.\d{1,2})? \w+( \d\d (s|min|h))?$/);
    }),
  );
});
