import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { encodeSafetensors } from "../data/formats/safetensors.ts";
import { parseSafetensors } from "../data/index.ts";
import { AttarError } from "../engine/errors.ts";
import { log, markdownTable, print, printJson, shellWord, table } from "./output.ts";
import { printable } from "./printable.ts";
import { Progress } from "./progress.ts";
import { report } from "./report.ts";

afterEach(() => vi.restoreAllMocks());

/**
 * A text as a hostile file may bring it: a new window title, a cleared screen, a fake line, C1 sequences, text turned
 * around.
 */
const nasty = "cat\x1b]0;owned\x07\x1b[2J\r\nattar: all is well\t\x9b31m\x7f\u202etxt.exe\u2028\0";
/** All characters that must not reach a terminal, but for the line breaks of the output itself. */
const forbidden = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const written = (write: () => void) => {
  const all: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => all.push(String(text)) > 0);
  write();
  vi.restoreAllMocks();
  return all.join("");
};

test("each control character is written out; everything else stays", () => {
  expect(printable("\x1b[2J\x07\0\x7f\x9b")).toBe("\\x1b[2J\\x07\\x00\\x7f\\x9b");
  expect(printable("a\nb\tc\r")).toBe("a\\nb\\tc\\r");
  expect(printable("a\nb", "\n")).toBe("a\nb");
  expect(printable("\u202e\u2028")).toBe("\\u202e\\u2028");
  for (const plain of ["ordinary text", "Zürich 漢字 🐈‍⬛ é", "C:\\path", "→ ━ ± ≤"])
    expect(printable(plain)).toBe(plain);
});

describe("whatever a file brings, nothing of it commands the terminal", () => {
  const ways: Record<string, () => void> = {
    "a table's cell": () => print(table([["name", nasty]])),
    "a cell of Markdown": () => print(markdownTable([["name", nasty]])),
    "a line of data": () => print(nasty),
    "a line of log": () => log(nasty, {}),
    "an error's message and hint": () => report(new AttarError("bad-data", nasty, nasty), {}),
    "an error that nobody foresaw": () => report(new Error(nasty), {}),
    "a progress line": () =>
      new Progress({}, { write: (t) => void process.stderr.write(t), redraws: false, now: () => 0 }).show(1, 1, nasty),
  };
  test.each(Object.entries(ways))("%s", (_name, way) => {
    const text = written(way);
    expect(text).toContain("cat\\x1b]0;owned\\x07");
    expect(text).not.toMatch(forbidden);
  });
  test("a cell, a log line and an error are one line each, so that none is faked", () => {
    expect(written(ways["a table's cell"]!)).toMatch(/^[^\n]*\n$/);
    expect(written(ways["a line of log"]!)).toMatch(/^[^\n]*\n$/);
    expect(written(ways["an error's message and hint"]!)).toMatch(/^[^\n]*\n {2}→ [^\n]*\n$/);
  });
  test("JSON holds it exactly", () => {
    expect(JSON.parse(written(() => printJson({ name: nasty })))).toEqual({ name: nasty });
    const error = written(() => report(new AttarError("bad-data", nasty, nasty), { json: true }));
    expect(JSON.parse(error).error).toEqual({ code: "bad-data", message: nasty, hint: nasty });
  });
});

test.skipIf(process.platform === "win32")("a shell reads a quoted word back as it was", () => {
  for (const word of [
    "a b",
    "it's",
    "$(touch x)",
    "`id`",
    "digits; touch PWNED #",
    "a\nb",
    '"',
    "\\",
    "*",
    "~",
    "-x y",
    "漢",
  ]) {
    const back = execFileSync("/bin/sh", ["-c", `printf %s ${shellWord(word)}`], { encoding: "utf8" });
    expect(back).toBe(word);
  }
});

test("names that objects inherit stay names in a file's metadata", () => {
  const names = ["constructor", "toString", "hasOwnProperty"];
  const bytes = encodeSafetensors({}, Object.fromEntries(names.map((name) => [name, "x"])));
  const { metadata } = parseSafetensors(bytes, "f");
  expect(Object.keys(metadata).sort()).toEqual([...names].sort());
  expect(metadata.valueOf).toBeUndefined();
});
