import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutToBytes } from "./cutToBytes.ts";
import { folderName, folderNames } from "./folderNames.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;
/** The text that no two folders may share where neither case nor Unicode's forms count. */
const folded = (name: string) => name.normalize("NFC").toLowerCase();

test("class names become folder names, all different and harmless", () => {
  expect(folderNames(["cat", "a/b", "a:b", "..", "Cat", "T-shirt or top"])).toEqual([
    "cat-0",
    "a_b-1",
    "a_b-2",
    "_",
    "Cat-4",
    "T-shirt or top",
  ]);
});

test("a class that is called as another would be numbered keeps its name", () => {
  expect(folderNames(["a/", "a:", "a_-0"])).toEqual(["a__-0", "a_-1", "a_-0"]);
  expect(new Set(folderNames(["x", "X", "x-0", "X-1", "x_-0"]).map(folded)).size).toBe(5);
});

test.each([
  ["con", "_con"],
  ["NUL", "_NUL"],
  ["nul.txt", "_nul.txt"],
  ["COM¹", "_COM¹"],
  ["lpt9", "_lpt9"],
  ["console", "console"],
  ["-rf", "_-rf"],
  ["--out", "_--out"],
  ["dots...", "dots"],
  ["trailing ", "trailing"],
  ["...", "_"],
  ["", "_"],
  ["../../etc", "_.._etc"],
  ["__proto__", "__proto__"],
])("%j becomes %j", (name, folder) => {
  expect(folderName(name)).toBe(folder);
});

test("a name is cut by the bytes that it takes, between characters", () => {
  expect(folderName("狗".repeat(86))).toBe("狗".repeat(46));
  expect(folderName(`${"x".repeat(138)}. .y`)).toBe("x".repeat(138));
  const twins = folderNames([`${"狗".repeat(90)}a`, `${"狗".repeat(90)}b`]);
  expect(twins.map((name) => name.slice(-2))).toEqual(["-0", "-1"]);
  for (const name of twins) expect(bytes(name)).toBeLessThanOrEqual(140);
});

describe("of any names", () => {
  const letters = fc.constantFrom("a", "A", "_", "-", "0", "1", "/", ":", ".", " ", "é", "e\u0301", "ß", "狗", "con");
  const name = fc.oneof(
    fc.array(letters, { maxLength: 5 }).map((parts) => parts.join("")),
    fc.array(letters, { minLength: 80, maxLength: 120 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 300 }),
  );
  test("all folders are different, short, and none is special", () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (classes) => {
        const names = folderNames(classes);
        expect(new Set(names.map(folded)).size).toBe(classes.length);
        for (const one of names) {
          expect(bytes(one)).toBeLessThanOrEqual(140);
          expect(one).toMatch(/^[^-. ](.*[^. ])?$/su);
          expect(one).not.toMatch(/[/\\:*?"<>|\p{C}]|^(con|prn|aux|nul|com\d|lpt\d)([ .]|$)/iu);
        }
        expect(folderNames(classes)).toEqual(names);
      }),
      { numRuns: 500 },
    );
  });

  test("a cut text is a beginning, of whole characters, and as long as there is room", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, most) => {
        const cut = cutToBytes(text, most);
        expect(text.startsWith(cut)).toBe(true);
        expect(bytes(cut)).toBeLessThanOrEqual(most);
        const next = String.fromCodePoint(text.codePointAt(cut.length) ?? 0);
        expect(cut === text || bytes(cut + next) > most).toBe(true);
      }),
    );
  });
});
