import { readFileSync } from "node:fs";
import { AttarError } from "../src/engine/index.ts";
import type { Report } from "./report.ts";

/**
 * Reads data that --json wrote.
 *
 * @throws AttarError "cannot-read" (exit code 2) where there is no such file or it is something else.
 */
export function readReport(path: string): Report {
  const hint = "npm run bench -- --json FILE writes one.";
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new AttarError("cannot-read", `${path} cannot be read: ${(error as Error).message}`, hint);
  }
  try {
    const report = JSON.parse(text) as Partial<Report>;
    if (report.machine && Array.isArray(report.cases)) return report as Report;
  } catch {
    // said below
  }
  throw new AttarError("cannot-read", `${path} is not data of the bench`, hint);
}

/** The data as it is written: a person can read its differences. */
export const reportText = (report: Report): string => `${JSON.stringify(report, null, 1)}\n`;
