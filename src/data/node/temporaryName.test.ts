import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { meantBy, removeAbandoned, removeTemporary, temporaryName } from "./temporaryName.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-temporary-"));
afterAll(() => rmSync(root, { recursive: true }));

test.each(["a.bin", ".hidden", "狗.png", "x y.tmp", "-rf"])("%j is found in the name of its temporary file", (name) => {
  expect(meantBy(temporaryName(name))).toBe(name);
});

test("names of other programs are no temporary file's", () => {
  for (const name of [
    "",
    "a",
    ".a.tmp",
    ".a.1.tmp",
    ".a.1.deadbee.tmp",
    ".a.1.DEADBEEF.tmp",
    "a.1.deadbeef.tmp",
    ".1.deadbeef.tmp",
  ])
    expect(meantBy(name)).toBeUndefined();
});

test("a name that takes all the room has a temporary file that can be written", () => {
  for (const name of ["x".repeat(255), "狗".repeat(85)]) {
    const temporary = temporaryName(name);
    writeFileSync(join(root, temporary), "");
    rmSync(join(root, temporary));
    expect(name.startsWith(meantBy(temporary)!)).toBe(true);
  }
});

test("of one file, what processes left that are gone", async () => {
  const gone = `.plot.svg.${spawnSync("true").pid}.deadbeef.tmp`;
  const kept = [temporaryName("plot.svg"), gone.replace("plot", "other"), "plot.svg"];
  for (const name of [gone, ...kept]) writeFileSync(join(root, name), "");
  await removeAbandoned(join(root, "plot.svg"));
  expect(readdirSync(root).sort()).toEqual([...kept].sort());
  for (const name of kept) rmSync(join(root, name));
});

test("only temporary files of the names given are removed, whatever the pattern lets through", async () => {
  const [own, other, file] = [".a.1.deadbeef.tmp", ".b.1.deadbeef.tmp", "a"];
  for (const name of [own, other, file]) writeFileSync(join(root, name), "");
  await removeTemporary(root, /^()$/);
  expect(readdirSync(root).sort()).toEqual([own, other, file].sort());
  await removeTemporary(root, /^a$/);
  expect(readdirSync(root).sort()).toEqual([other, file].sort());
});
