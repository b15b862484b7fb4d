import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const pages = [
  "ARCHITECTURE.md",
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

/** The targets of a page's links and pictures, but for addresses and places within the page. */
const linksOf = (text: string) =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to!).filter((to) => !/^(?:https?:|#)/.test(to));

describe("links between documents lead somewhere", () => {
  test.each(pages)("%s", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const targets = linksOf(text).map((to) => join(dirname(page), to.replace(/#.*$/, "")));
    const lost = targets.filter((target) => !existsSync(join(root, target)));
    expect(lost).toEqual([]);
  });
});

/** The anchors of a page's headings, as they are made of their words. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replace(/ /g, "-"),
  );

test("links to places in a page lead to headings", () => {
  const lost = pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/\]\(([\w./-]*)#([^)\s]+)\)/g)]
      .filter(([, to, anchor]) => {
        const file = join(root, to ? join(dirname(page), to) : page);
        return !anchorsOf(readFileSync(file, "utf8")).includes(anchor!);
      })
      .map(([link]) => `${page}: ${link}`),
  );
  expect(lost).toEqual([]);
});

test("links are found at all", () => {
  expect(linksOf("[a](b.md) ![c](d/e.png#f) [g](https://h) [i](#j)")).toEqual(["b.md", "d/e.png#f"]);
  expect(pages.flatMap((page) => linksOf(readFileSync(join(root, page), "utf8"))).length).toBeGreaterThan(20);
});

test("every file that the glossary names is there", () => {
  const named = readFileSync(join(root, "docs/glossary.md"), "utf8").matchAll(/`([a-zA-Z]+\/[\w/.-]*)`/g);
  const paths = [...named].map(([, path]) => path!).filter((path) => path !== "src/");
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((path) => !existsSync(join(root, "src", path)))).toEqual([]);
});

test("a decision is a page at most", () => {
  const decisions = pages.filter((page) => page.startsWith("docs/decisions/"));
  const lines = decisions.map((page) => [page, readFileSync(join(root, page), "utf8").split("\n").length] as const);
  expect(lines.filter(([, count]) => count > 62)).toEqual([]);
  const numbers = decisions.map((page) => /(\d+)-/.exec(page)![1]);
  expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([]);
});
