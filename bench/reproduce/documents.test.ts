import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { documents } from "./documents.ts";

test("every table follows from what is kept: npm run reproduce -- --tables writes the same", async () => {
  const written = await documents();
  expect([...written.keys()]).toContain("docs/results/dd.md");
  for (const [path, text] of written) expect(await readFile(path, "utf8"), path).toBe(text);
});
