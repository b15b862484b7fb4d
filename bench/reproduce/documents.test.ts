import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { documents } from "./documents.ts";
import { families } from "./families.ts";
import { recordedOf } from "./takeIn.ts";

test("every table follows from what is kept: npm run reproduce -- --tables writes the same", async () => {
  const written = await documents();
  expect([...written.keys()]).toContain("docs/results/dd.md");
  for (const [path, text] of written) expect(await readFile(path, "utf8"), path).toBe(text);
});

test("no result lies in the form from before studies: npm run reproduce -- --tables takes it into rows", async () => {
  const left = await Promise.all(families.map(recordedOf));
  expect(left.flat().map(({ file }) => file)).toEqual([]);
});
