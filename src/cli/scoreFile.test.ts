import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { scoreFile } from "./scoreFile.ts";

const root = mkdtempSync(join(tmpdir(), "attar-scores-"));
afterAll(() => rmSync(root, { recursive: true }));

test.each([
  ["another program's", '{"player":"me"}\n', false],
  ["empty", "", true],
  ["one cut short by a crash", '{"key":"a', true],
])("to a file that is %s", async (_, content, added) => {
  const path = join(root, `scores-${content.length}.ndjson`);
  writeFileSync(path, content);
  const notes: string[] = [];
  const scores = await scoreFile(path, true, (note) => notes.push(note));
  await scores.set("b", { accuracy: 0.5, seconds: 1 });
  await scores.set("c", { accuracy: 0.5, seconds: 1 });
  expect(readFileSync(path, "utf8").length > content.length).toBe(added);
  expect(notes).toEqual(added ? [] : [`scores are not kept: ${path} is another program's`]);
});

test("through a link nothing is added", async () => {
  const [target, path] = [join(root, "target"), join(root, "link")];
  writeFileSync(target, "");
  symlinkSync(target, path);
  await (await scoreFile(path, false, () => {})).set("b", { accuracy: 0.5, seconds: 1 });
  expect(readFileSync(target, "utf8")).toBe("");
});
