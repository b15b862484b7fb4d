import { diskFiles } from "./diskFiles.node.ts";
import { keptIn } from "./keptRuns.ts";
import { reportsKey } from "./reportsKey.ts";

/** What a server sends beside a report: its own scripts run in an origin of none, out of reach of the studio's page and its token. */
export const reportHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; sandbox allow-scripts allow-downloads allow-popups",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Files of a report: the page, its rows, pictures of its sets. */
const ofReport = /^(index\.html|rows\.(csv|parquet)|images\/[0-9a-f]+\.png)$/;

/**
 * The written reports of a folder of runs, by addresses that only those can know who know the token.
 *
 * @returns the content at `/reports/KEY/NAME/FILE`; undefined of anything else
 */
export function reportsOf(root: string, token: string): (path: string) => Promise<Uint8Array | undefined> {
  const files = diskFiles(root);
  const key = reportsKey(token);
  return async (path) => {
    const [, given, encoded = "", rest = ""] = /^\/reports\/([0-9a-f]{64})\/([^/]*)\/(.+)$/.exec(path) ?? [];
    if (given !== (await key) || !ofReport.test(rest)) return undefined;
    let name: string;
    try {
      name = decodeURIComponent(encoded);
    } catch {
      return undefined;
    }
    if (!(await keptIn(files)).reports.includes(name)) return undefined;
    return files.read(name === "" ? rest : `${name}/${rest}`);
  };
}
