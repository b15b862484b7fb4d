import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { layers } from "./layers.ts";

/** Loops see what a method is, never which ones there are. */
const contracts: Readonly<Record<string, string>> = { condense: "methods/method.ts", evaluate: "methods/method.ts" };

/** Folders beside those named *.node.ts that only ever run in Node. */
const nodeOnly = [/\.node\.ts$/, /\.test\.ts$/, /^cli\//, /\/node\//, /^index\.ts$/, /^data\/index\.ts$/];

const src = new URL("../src/", import.meta.url).pathname;
const statement =
  /^\s*(?:import|export)\s(?:(type)\s)?[^"'`;]*?from\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']/gm;
const dynamic = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

interface Import {
  readonly from: string;
  readonly to: string;
  /** Erased by the compiler: `import type`. */
  readonly typeOnly: boolean;
  /** Loaded only when it is reached: `import(…)`. */
  readonly lazy: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.split(sep).join("/"));

/** Comments and the statements in template literals are no imports. */
const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

function importsOf(file: string): Import[] {
  const text = withoutComments(readFileSync(join(src, file), "utf8"));
  const found: Import[] = [];
  for (const [, type, named, bare] of text.matchAll(statement))
    found.push({ from: file, to: target(file, (named ?? bare)!), typeOnly: type === "type", lazy: false });
  for (const [, named] of text.matchAll(dynamic))
    found.push({ from: file, to: target(file, named!), typeOnly: false, lazy: true });
  return found;
}

/** A file of src by its path in src, anything else by its name. */
function target(file: string, name: string): string {
  if (!name.startsWith(".")) return name;
  return relative(src, resolve(src, dirname(file), name))
    .split(sep)
    .join("/");
}

const imports = files.flatMap(importsOf);
const inside = imports.filter(({ to }) => files.includes(to));
const roomOf = (file: string) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : "");
const layerOf = (room: string) => layers.findIndex((rooms) => rooms.includes(room));
const show = ({ from, to }: Import) => `${from} → ${to}`;
const isTest = (file: string) => file.endsWith(".test.ts");

test("imports are found at all", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(inside.length).toBeGreaterThan(300);
  expect(imports.some((i) => i.lazy)).toBe(true);
});

test("every relative import names a file with its extension", () => {
  const lost = imports.filter(
    ({ to }) => /^(\.|[a-z]+\/)/.test(to) && to.endsWith(".ts") && !existsSync(join(src, to)),
  );
  expect(lost.map(show)).toEqual([]);
});

test("every room has a layer", () => {
  const rooms = [...new Set(files.map(roomOf))].filter((room) => room !== "");
  expect(rooms.filter((room) => layerOf(room) < 0)).toEqual([]);
});

describe("rooms import only from the layers before them", () => {
  test.each(layers.flat())("%s", (room) => {
    const wrong = inside.filter(({ from, to }) => {
      if (roomOf(from) !== room || roomOf(to) === room || isTest(from)) return false;
      return roomOf(to) === "" || layerOf(roomOf(to)) >= layerOf(room);
    });
    expect(wrong.map(show)).toEqual([]);
  });
});

test("loops import the contract of a method, never a method", () => {
  const wrong = inside.filter(({ from, to }) => {
    const contract = contracts[roomOf(from)];
    return contract !== undefined && !isTest(from) && roomOf(to) === "methods" && to !== contract;
  });
  expect(wrong.map(show)).toEqual([]);
});

test("what runs in a browser imports nothing of Node's at its top", () => {
  const wrong = imports.filter(
    ({ from, to, typeOnly, lazy }) =>
      !nodeOnly.some((pattern) => pattern.test(from)) &&
      !typeOnly &&
      !lazy &&
      (/^node:/.test(to) || /\.node\.ts$/.test(to)),
  );
  expect(wrong.map(show)).toEqual([]);
});

test("there is no cycle of imports", () => {
  const next = new Map<string, string[]>();
  for (const { from, to, lazy } of inside) if (!lazy) next.set(from, [...(next.get(from) ?? []), to]);
  expect(cycle(files, next)).toEqual([]);
});

test("no folder or file is named for being left over", () => {
  const names = files.flatMap((file) => file.split("/")).map((part) => part.replace(/(\.node|\.test)?\.ts$/, ""));
  expect(names.filter((name) => /^(utils?|helpers?|common|misc|shared|manager)$/i.test(name))).toEqual([]);
});

/** The files of one cycle in order, or nothing. */
function cycle(nodes: readonly string[], next: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    path.push(node);
    for (const to of next.get(node) ?? []) {
      const found = visit(to);
      if (found.length > 0) return found;
    }
    path.pop();
    done.add(node);
    return [];
  };
  for (const node of nodes) {
    const found = visit(node);
    if (found.length > 0) return found;
  }
  return [];
}

test("the search for cycles finds them", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["c", []],
    ["d", ["a"]],
  ]);
  expect(cycle(["c", "a"], graph)).toEqual(["a", "b", "d", "a"]);
  graph.set("d", ["c"]);
  expect(cycle(["a"], graph)).toEqual([]);
});

test("outside data nothing touches the training split but through its reader", () => {
  const touched = files
    .filter((file) => !file.startsWith("data/") && !isTest(file))
    .filter((file) =>
      /\btrain\??\.(images|labels|values)\b|\bsplit\]\.(images|labels|values)\b/.test(
        withoutComments(readFileSync(join(src, file), "utf8")),
      ),
    );
  expect(touched).toEqual([]);
});
