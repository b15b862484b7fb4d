import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { workplace } from "./attar.ts";

const places = [workplace(), workplace(), workplace()];
const net = ["--net", "convnet:depth=2,width=16"];

test.each(["dm", "dc"])(
  "%s: one seed gives one set side by side, each with a fresh cache, and leaves nothing there",
  async (method) => {
    const args = ["condense", "digits", "--method", method, "--ipc", "1", "--steps", "1", ...net, "--threads", "2"];
    const runs = await Promise.all(places.map(({ attar }) => attar(...args, "--quiet", "--out", method)));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    const [first, ...others] = places.map(({ path }) => readFileSync(path(method, "condensed.safetensors")));
    for (const other of others) expect(other.equals(first!)).toBe(true);
    // What a cache held would be an input that no other machine has.
    for (const { path } of places) expect(existsSync(path("cache"))).toBe(false);
  },
);
