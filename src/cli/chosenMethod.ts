import { methodFrom } from "../condense/index.ts";
import { AttarError } from "../engine/errors.ts";
import { type Method, methodNamed } from "../methods/index.ts";
import { readJsonObject } from "./jsonFile.ts";

/** A method as a person chose it. */
export interface ChosenMethod {
  readonly method: Method;
  /** The words that name it on the command line: its name, or the path of its file. */
  readonly typed: string;
  /** The method's record, where it was read from a file. */
  readonly record?: Method;
}

/**
 * The method that a person means by a name of the list or by the path of a `.json` file that holds a record.
 *
 * @throws AttarError "unknown-method", or "bad-method" with the file and the field
 */
export function chosenMethod(typed: string): ChosenMethod {
  if (!typed.endsWith(".json")) return { method: methodNamed(typed), typed };
  const value = readJsonObject(typed, {
    code: "bad-method",
    noun: "file of a method",
    takes: "attar methods dm --record > mine.json writes one to start from",
    form: "it holds one record of a method: attar methods dm --record prints one",
  });
  try {
    const record = methodFrom(value);
    return { method: record, typed, record };
  } catch (error) {
    if (!(error instanceof AttarError)) throw error;
    throw new AttarError(error.code, `${typed}: ${error.message}`, error.hint);
  }
}
