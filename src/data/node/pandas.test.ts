import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { coresetAsSet } from "../../evaluate/index.ts";
import { exportSet } from "./exportSet.node.ts";
import { load } from "./load.node.ts";

const interpreter = process.env.ATTAR_PYTHON || "python3";
const root = await mkdtemp(join(tmpdir(), "attar-pandas-"));
afterAll(() => rm(root, { recursive: true }));

/** What keeps pandas from reading here, if anything does. */
function absent(): string | undefined {
  try {
    execFileSync(interpreter, ["-c", "import pandas, pyarrow"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `no pandas and pyarrow in ${interpreter}: set ATTAR_PYTHON`;
  }
}

const why = absent();
const equal = `
import sys, pandas as pd
ours, table = (pd.read_parquet(p) if p.endswith("parquet") else pd.read_csv(p) for p in sys.argv[1:])
table["member"] = table["member"].astype(str).str.lower()
ours["member"] = ours["member"].astype(str).str.lower()
pd.testing.assert_frame_equal(ours, table, check_exact=True, check_dtype=False)
print(len(ours), *ours.columns)
`;

test.skipIf(why !== undefined).each(["csv", "parquet"])(
  `pandas reads %s as the very table that was condensed${why === undefined ? "" : ` (${why})`}`,
  async (format) => {
    const rows = Array.from(
      { length: 30 },
      (_, i) =>
        `${i % 4 === 0 ? "" : (i * 0.37).toFixed(2)},${i * 1000 + 7},${["Bern", '"Oslo, N"', ""][i % 3]},${i % 2},${i % 5 === 0}`,
    );
    const path = join(root, "table.csv");
    await writeFile(path, `income,id_of,city,label,member\n${rows.join("\n")}\n`);
    const set = await coresetAsSet(await load(path, { label: "label", drop: ["none"] }), "full", 1, 0);
    const [out] = await exportSet(set, format, join(root, format));
    expect(execFileSync(interpreter, ["-c", equal, out!, path], { encoding: "utf8" }).trim()).toBe(
      "30 income id_of city label member",
    );
  },
  60_000,
);
