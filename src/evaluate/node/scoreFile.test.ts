import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { scoreFile } from "./scoreFile.node.ts";

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
  await scores.set("b", { values: { accuracy: 0.5 }, seconds: 1 });
  await scores.set("c", { values: { accuracy: 0.5 }, seconds: 1 });
  expect(readFileSync(path, "utf8").length > content.length).toBe(added);
  expect(notes).toEqual(added ? [] : [`scores are not kept: ${path} is another program's`]);
});

test("through a link nothing is added", async () => {
  const [target, path] = [join(root, "target"), join(root, "link")];
  writeFileSync(target, "");
  symlinkSync(target, path);
  await (await scoreFile(path, false, () => {})).set("b", { values: { accuracy: 0.5 }, seconds: 1 });
  expect(readFileSync(target, "utf8")).toBe("");
});

test("scores come back as they were kept, and those of earlier versions as values", async () => {
  const path = join(root, "versions");
  writeFileSync(path, '{"key":"old","accuracy":0.25,"seconds":2}\n');
  const score = { values: { accuracy: 0.5, "calibration:bins=3.nll": 2.5 }, seconds: 1 };
  await (await scoreFile(path, true, () => {})).set("new", score);
  const again = await scoreFile(path, true, () => {});
  expect(again.get("old")).toEqual({ values: { accuracy: 0.25 }, seconds: 2 });
  expect(again.get("new")).toEqual(score);
  expect((await scoreFile(path, false, () => {})).get("old")).toBeUndefined();
});

test.each([
  '"accuracy":1.5,"seconds":1',
  '"accuracy":"0.5","seconds":1',
  '"values":{"accuracy":-0.5},"seconds":1',
  '"values":{"accuracy":0.5,"worst-class.class-1":2},"seconds":1',
  '"values":{"accuracy":0.5,"loss":-1},"seconds":1',
  '"values":{"accuracy":0.5,"calibration.brier":null},"seconds":1',
  '"values":{"loss":1e999},"seconds":1',
  '"values":{},"seconds":1',
  '"values":[0.5],"seconds":1',
  '"values":null,"seconds":1',
  '"values":{"accuracy":0.5}',
  '"values":{"accuracy":0.5},"seconds":-1',
  '"seconds":1',
])("a line of %s is no score", async (fields) => {
  const path = join(root, "one");
  writeFileSync(path, `{"key":"a",${fields}}\n{"key":"b","accuracy":0.5,"seconds":1}\n`);
  const scores = await scoreFile(path, true, () => {});
  expect(scores.get("a")).toBeUndefined();
  expect(scores.get("b")).toBeDefined();
});
