import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import { cellsOf } from "./cells.node.ts";

const folder = new URL("../../../studies/", import.meta.url).pathname;
const names = ["private", "robust", "membership", "joint"];

test.each(names)(
  "studies/%s.json can be planned whole: no set and no network of it is refused but for a reason it gives",
  async (name) => {
    expect(readdirSync(folder)).toContain(`${name}.json`);
    const study = parseStudy(JSON.parse(readFileSync(`${folder}${name}.json`, "utf8")), name);
    const { sets } = cellsOf(await resolveStudy(study, `${folder}${name}.json`));
    const reasons = new Set(study.exclude.map(({ reason }) => reason));
    const refused = sets.flatMap((set) => [set, ...set.scores].flatMap(({ refused: why }) => why ?? []));
    // Of a dataset that is not on this machine nothing can be planned.
    const odd = refused.filter(({ code, message }) => code !== "absent-dataset" && !reasons.has(message));
    expect(odd).toEqual([]);
    expect(sets.some((set) => set.scores.length > 0)).toBe(true);
  },
);
