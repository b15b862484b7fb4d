import { readFileSync, statSync } from "node:fs";
import { parseStrictJson } from "../data/formats/strictJson.ts";
import { cannotRead, checkRegular } from "../data/node/regularFile.node.ts";
import { AttarError } from "../engine/errors.ts";

/** The words of errors about a file: its code, what it is, where it is given, and what it holds. */
export interface FileWords {
  readonly code: string;
  readonly noun: string;
  readonly takes: string;
  readonly form: string;
}

/** The JSON object that a file holds. @throws AttarError (exit code 2) for a file that cannot be read, and for other content */
export function readJsonObject(file: string, { code, noun, takes, form }: FileWords): object {
  let content: string;
  try {
    checkRegular(file, statSync(file));
    content = readFileSync(file, "utf8");
  } catch (error) {
    const { code: reason } = error as NodeJS.ErrnoException;
    const message = reason === "ENOENT" ? `there is no ${noun} ${file}` : cannotRead(file, error).message;
    throw new AttarError(code, message, takes);
  }
  let value: unknown;
  try {
    value = parseStrictJson(content.replace(/^\uFEFF/, ""), file);
  } catch (error) {
    throw error instanceof AttarError ? new AttarError(code, error.message, form) : error;
  }
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new AttarError(code, `${file} holds no JSON object`, form);
  return value;
}
