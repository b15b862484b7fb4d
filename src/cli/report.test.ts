import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { report } from "./report.ts";

let stderr = "";
beforeEach(() => {
  stderr = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const refusal = (code: string, syscall: string, path?: string) =>
  Object.assign(new Error(`${code}: a message of the system, ${syscall} '${path}'`), { code, syscall, path });

test.each([
  [
    refusal("EMFILE", "open", "/x/dist/dsa.js"),
    1,
    "cannot go on: too many files are open",
    "Allow more: ulimit -n 1024",
  ],
  [refusal("EACCES", "scandir", "/x"), 2, "/x: permission denied.", "Check who may read it."],
  [
    refusal("EACCES", "unlink", "/x/a"),
    1,
    "cannot write /x/a: permission denied.",
    "Choose a folder you may write to.",
  ],
  [
    refusal("EIO", "unlink", "/x/a"),
    1,
    "cannot write /x/a: the disk reported an error.",
    "Choose a folder on another disk.",
  ],
  [refusal("ENOENT", "open", "/x/a"), 2, "/x/a: no such file or folder.", "Check the path."],
  [refusal("EMFILE", "uv_spawn"), 1, "cannot go on: too many files are open", "Allow more: ulimit -n 1024"],
])("%s is one sentence and a hint", (error, exitCode, message, hint) => {
  expect(report(error, {})).toBe(exitCode);
  expect(stderr).toBe(`attar: ${message}\n  → ${hint}\n`);
});

test("an error of no known kind keeps its first line", () => {
  expect(report(new Error("\nthe first line\nthe second"), {})).toBe(1);
  expect(stderr).toBe("attar: the first line\n  → ATTAR_DEBUG=1 shows where it happened\n");
});
