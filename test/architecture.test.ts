import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { discrepancies } from "../src/discrepancies/registry.ts";
import { criteria } from "../src/discrepancies/solved/index.ts";
import { generators } from "../src/generators/index.ts";
import { sources } from "../src/hypotheses/index.ts";
import { solvers } from "../src/hypotheses/solvers/registry.ts";
import { initialisations, spaces } from "../src/synthetic/index.ts";
import { tricks } from "../src/tricks/index.ts";
import { views } from "../src/views/index.ts";
import { layers } from "./layers.ts";

const root = new URL("../", import.meta.url).pathname;
const text = readFileSync(`${root}ARCHITECTURE.md`, "utf8");
const picture = readFileSync(`${root}docs/images/architecture.svg`, "utf8");

/** The rows of the tables whose header begins with these cells, as cells. */
function rowsUnder(...header: string[]): string[][] {
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const found: string[][] = [];
  let inside = false;
  for (const line of text.split("\n")) {
    if (!line.startsWith("|")) inside = false;
    else if (header.every((name, i) => cells(line)[i] === name)) inside = true;
    else if (inside && !line.startsWith("| -")) found.push(cells(line));
  }
  return found;
}

const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
const isPath = (word: string) => /^[\w.-]+(\/[\w.*-]+)*(\.[a-z]+|\/)$/.test(word) && !word.includes("*");
const rooms = readdirSync(`${root}src`, { withFileTypes: true }).flatMap((f) => (f.isDirectory() ? [f.name] : []));

describe("ARCHITECTURE.md", () => {
  test("names every room of src/ in its layer", () => {
    const layerOf = (room: string) => layers.findIndex((rooms) => rooms.includes(room)) + 1;
    const named = rowsUnder("room", "layer").map(([room, layer]) => [quoted(room!)[0], layer]);
    expect(named.sort()).toEqual(rooms.map((room) => [room, String(layerOf(room))]).sort());
  });

  test("has a picture of every room, those of one layer side by side", () => {
    const names = [...picture.matchAll(/<rect class="room"[^>]* y="(\d+)"[^>]*\/>\s*<text class="name"[^>]*>(\w+)</g)];
    const heights = [...new Set(names.map(([, y]) => Number(y)))].sort((a, b) => b - a);
    const drawn = heights.map((y) => names.flatMap(([, at, name]) => (Number(at) === y ? [name] : [])).sort());
    expect(drawn).toEqual(layers.map((rooms) => [...rooms].sort()));
  });

  test("mentions paths that exist", () => {
    const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path!);
    const paths = [...quoted(text).filter(isPath), ...links];
    expect(paths.length).toBeGreaterThan(100);
    expect(paths.filter((path) => !existsSync(`${root}src/${path}`) && !existsSync(root + path))).toEqual([]);
  });

  test("has the function of every phase in the file that it names", () => {
    const phases = rowsUnder("phase", "function", "file");
    expect(phases.length).toBeGreaterThan(20);
    const lost = phases.filter(([, name, file]) => {
      const source = readFileSync(`${root}src/${quoted(file!)[0]}`, "utf8");
      return !new RegExp(`(function\\*?|class|async|private|readonly|^ *)\\s*${quoted(name!)[0]}\\b`, "m").test(source);
    });
    expect(lost).toEqual([]);
  });

  test("says where everything is that a declaration can name", () => {
    const known = [views, discrepancies.parts, spaces, initialisations, sources, solvers, criteria, tricks, generators];
    const named = new Set(rowsUnder("§", "formula or notion", "name").flatMap(([, , name]) => quoted(name!)));
    const names = new Set(known.flatMap((parts) => Object.keys(parts)));
    expect([...names].filter((name) => !named.has(name))).toEqual([]);
    expect([...named].filter((name) => !names.has(name))).toEqual([]);
  });
});
