import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { imageDomain, tableDomain } from "../data/domain.ts";
import { methodIn, usualMethod } from "./usualMethod.ts";

const images = { domain: imageDomain([3, 32, 32]) };
const rows = { domain: tableDomain(8) };

test.each([
  ["few images within a span of time", images, 1, 600, "m3d"],
  ["ten images and more", images, 10, 600, "dm"],
  ["pictures too small to be halved", { domain: imageDomain([1, 8, 8]) }, 1, 600, "dm"],
  ["no span of time", images, 1, undefined, "dm"],
  ["rows of a table", rows, 1, 600, "dm"],
])("%s", (_, data, ipc, seconds, name) => expect(usualMethod(data, { ipc, seconds }).name).toBe(name));

test("a folder without a run has no method", async () => expect(await methodIn(tmpdir())).toBeUndefined());
