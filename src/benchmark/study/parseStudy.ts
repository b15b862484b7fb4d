import type { z } from "zod";
import { AttarError, nearest } from "../../engine/errors.ts";
import { type Study, studySchema } from "./schema.ts";

/**
 * Reads a study from the value of its file.
 *
 * @param where what to call the file in an error
 * @throws AttarError "bad-study" (exit code 2), one sentence with the field
 */
export function parseStudy(value: unknown, where: string): Study {
  const parsed = studySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issue, path } = innermost(parsed.error.issues[0]!, [], value);
  const field = fieldText(path);
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const known = keysAt(path);
    const guess = nearest(key, known);
    throw new AttarError(
      "bad-study",
      `${where}: unknown key "${key}"${field && ` in ${field}`}`,
      guess ? `did you mean "${guess}"?` : `keys: ${known.filter((name) => name !== "$schema").join(", ")}`,
    );
  }
  const given = valueAt(value, path);
  const missing = given === undefined && path.length > 0;
  throw new AttarError(
    "bad-study",
    missing
      ? `${where}: ${field} is missing`
      : `${where}: ${field || "it"} ${issue.message.startsWith("Invalid input") ? expectation(issue.message) : issue.message}, got ${short(given)}`,
    "attar schema --study prints what a study may hold; docs/benchmark.md has an example",
  );
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The issue that a person can act on: of a union the one of the alternative that fits the value's own kind. */
function innermost(issue: Issue, before: Path, value: unknown): { issue: Issue; path: Path } {
  const path = [...before, ...issue.path];
  if (issue.code !== "invalid_union") return { issue, path };
  const given = valueAt(value, issue.path);
  const inside = issue.errors.flat().find((one) => isObject(given) && one.path.length + Number("keys" in one) > 0);
  return inside ? innermost(inside, path, given) : { issue, path };
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

/** The path as a person writes it: methods[2].set.steps. */
const fieldText = (path: Path): string =>
  path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i > 0 ? "." : ""}${String(key)}`)).join("");

const expectation = (message: string) => `is not as expected (${message.replace(/^Invalid input:? ?/, "")})`;

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** The keys that an object at this path of the schema may have. */
function keysAt(path: Path): string[] {
  let at: z.core.$ZodType = studySchema;
  for (const key of path) {
    const inner = typeof key === "number" ? elementOf(at) : memberOf(at, String(key));
    if (!inner) return [];
    at = inner;
  }
  return Object.keys(shapeOf(at) ?? {});
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;
interface Definition {
  readonly shape?: Shape;
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
}

/** A schema's definition, what wraps it taken off: defaults, optional ones, and of a union its object. */
function definitionOf(schema: z.core.$ZodType): Definition {
  const definition = schema._zod.def as Definition;
  if (definition.innerType) return definitionOf(definition.innerType);
  const object = definition.options?.find((option) => definitionOf(option).shape);
  return object ? definitionOf(object) : definition;
}

const shapeOf = (schema: z.core.$ZodType): Shape | undefined => definitionOf(schema).shape;
const elementOf = (schema: z.core.$ZodType) => definitionOf(schema).element;
const memberOf = (schema: z.core.$ZodType, key: string) => shapeOf(schema)?.[key] ?? definitionOf(schema).valueType;
