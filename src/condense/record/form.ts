import {
  AttarError,
  nearest,
  type OptionRules,
  type OptionValue,
  optionsSchema,
  optionTakes,
  resolveOptions,
} from "../../engine/index.ts";

/** The form of a value in a record that a person wrote: how it is read, and its JSON Schema (2020-12). */
export interface Form<T> {
  /**
   * @param path where the value stands, as errors name it: "objective.match[0].view"
   * @throws AttarError "bad-method" for a value of another form
   */
  readonly read: (value: unknown, path: string) => T;
  readonly schema: () => object;
}

/** The values that a form reads. */
export type Read<F> = F extends Form<infer T> ? T : never;

/** The refusal of a value in a record. */
export const badMethod = (path: string, what: string, hint: string): AttarError =>
  new AttarError("bad-method", `${path === "" ? "the record" : path}: ${what}`, hint);

const shown = (value: unknown): string => {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
};

/** A value that passes a test, in words what it takes. */
const tested = <T>(takes: string, example: string, schema: object, is: (value: unknown) => value is T): Form<T> => ({
  read(value, path) {
    if (is(value)) return value;
    throw badMethod(path, `it takes ${takes}, got ${shown(value)}`, `for example ${example}`);
  },
  schema: () => schema,
});

export const text: Form<string> = tested("text", '"dm"', { type: "string" }, (v) => typeof v === "string");

/** Text of some letters, as a regular expression; `takes` says which. */
export const textLike = (pattern: RegExp, takes: string, example: string): Form<string> =>
  tested(
    takes,
    example,
    { type: "string", pattern: pattern.source },
    (v): v is string => typeof v === "string" && pattern.test(v),
  );

/** One of a few words. */
export const word = <const T extends string>(...of: readonly T[]): Form<T> =>
  tested(`one of ${of.join(", ")}`, `"${of[0]}"`, { enum: of }, (v): v is T => of.some((known) => known === v));

export const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Form<number> =>
  tested(
    `a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ""}`,
    String(least),
    { type: "integer", minimum: least, ...(most < Number.MAX_SAFE_INTEGER && { maximum: most }) },
    (v): v is number => typeof v === "number" && Number.isSafeInteger(v) && v >= least && v <= most,
  );

/** A number that is not negative. */
export const amount: Form<number> = tested(
  "a number from 0",
  "1",
  { type: "number", minimum: 0 },
  (v): v is number => typeof v === "number" && Number.isFinite(v) && v >= 0,
);

/** The word true. */
export const yes: Form<true> = tested("true", "true", { const: true }, (v): v is true => v === true);

const scalar: Form<OptionValue> = tested(
  "a number, text, true or false",
  "1",
  { type: ["number", "string", "boolean"] },
  (v): v is OptionValue =>
    typeof v === "string" || typeof v === "boolean" || (typeof v === "number" && Number.isFinite(v)),
);

/** A list of values of one form. */
export const list = <T>(of: Form<T>): Form<readonly T[]> => ({
  read(value, path) {
    if (!Array.isArray(value)) throw badMethod(path, `it takes a list, got ${shown(value)}`, "lists are written [ … ]");
    return value.map((entry: unknown, i) => of.read(entry, `${path}[${i}]`));
  },
  schema: () => ({ type: "array", items: of.schema() }),
});

type Fields = Readonly<Record<string, Form<unknown>>>;
type Values<R extends Fields, O extends Fields> = { readonly [K in keyof R]: Read<R[K]> } & {
  readonly [K in keyof O]?: Read<O[K]>;
};

/** The entries of a JSON object. @throws AttarError "bad-method" for another value */
export function entriesOf(value: unknown, path: string): Map<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw badMethod(path, `it takes an object, got ${shown(value)}`, "objects are written { … }");
}

/** An object of some fields, others may be left out; `rest` is the form of any further field and tells which may be. */
export function fields<R extends Fields, O extends Fields>(
  required: R,
  optional: O,
  rest?: {
    readonly form: Form<OptionValue>;
    readonly known: (key: string) => boolean;
    readonly heads: readonly string[];
  },
): Form<Values<R, O>> {
  const all: Fields = { ...required, ...optional };
  return {
    read(value, path) {
      const given = entriesOf(value, path);
      for (const key of given.keys())
        if (!Object.hasOwn(all, key) && !rest?.known(key))
          throw unknownField(path, key, [...Object.keys(all), ...(rest?.heads ?? [])]);
      for (const key of Object.keys(required))
        if (!given.has(key))
          throw badMethod(path, `it has no "${key}"`, `add "${key}"; attar schema --method says what it takes`);
      const under = path === "" ? "" : `${path}.`;
      const read = [...given].map(([key, own]): [string, unknown] => {
        const form = Object.hasOwn(all, key) ? all[key] : rest?.form;
        return [key, form?.read(own, under + key)];
      });
      return Object.fromEntries(read) as Values<R, O>;
    },
    schema: () => ({
      type: "object",
      properties: Object.fromEntries(Object.entries(all).map(([key, form]) => [key, form.schema()])),
      required: Object.keys(required),
      additionalProperties: rest ? rest.form.schema() : false,
    }),
  };
}

/** Fields by path beside an object's own: options of parts, checked when a run is configured. */
export const paths = (known: (key: string) => boolean, heads: readonly string[]) => ({ form: scalar, known, heads });

function unknownField(path: string, key: string, known: readonly string[]): AttarError {
  const near = nearest(key, known);
  return badMethod(path, `there is no field "${key}"`, near ? `did you mean "${near}"?` : `it has ${known.join(", ")}`);
}

/** The options of a part, by their rules; numbers and flags are JSON's own. */
export const options = (owner: string, rules: OptionRules): Form<Readonly<Record<string, OptionValue>>> => ({
  read(value, path) {
    const given = [...entriesOf(value, path)].map(([key, own]): [string, OptionValue] => {
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      if (!rule) {
        const near = nearest(key, Object.keys(rules));
        const all = Object.keys(rules).length > 0 ? `it has ${Object.keys(rules).join(", ")}` : "it has none";
        throw badMethod(path, `${owner} has no option "${key}"`, near ? `did you mean "${near}"?` : all);
      }
      const read = scalar.read(own, `${path}.${key}`);
      try {
        resolveOptions(owner, { [key]: rule }, { [key]: read });
      } catch (error) {
        if (!(error instanceof AttarError)) throw error;
        throw badMethod(
          `${path}.${key}`,
          `it takes ${optionTakes(rule)}, got ${shown(own)}`,
          `for example ${shown(rule.default)}`,
        );
      }
      return [key, read];
    });
    return Object.fromEntries(given);
  },
  schema: () => optionsSchema(rules),
});

/** A room as a form of parts sees it: names and the options of each. */
export interface Room<N extends string> {
  readonly noun: string;
  /** The names as they are now: parts may be registered later. */
  readonly names: () => readonly N[];
  readonly options: (name: N) => OptionRules;
}

/** A part by name and options, of a room. */
export const part = <const N extends string>({
  noun,
  names,
  options: rules,
}: Room<N>): Form<{
  readonly name: N;
  readonly options?: Readonly<Record<string, OptionValue>>;
}> => ({
  read(value, path) {
    const given = entriesOf(value, path);
    for (const key of given.keys())
      if (key !== "name" && key !== "options") throw unknownField(path, key, ["name", "options"]);
    const asked = given.get("name");
    const name = names().find((known) => known === asked);
    if (name === undefined) {
      const near = typeof asked === "string" ? nearest(asked, names()) : undefined;
      throw badMethod(
        `${path}.name`,
        asked === undefined ? `a ${noun} needs a name` : `there is no ${noun} named ${shown(asked)}`,
        near ? `did you mean "${near}"?` : `use one of ${names().join(", ")}`,
      );
    }
    if (!given.has("options")) return { name };
    return { name, options: options(`the ${noun} ${name}`, rules(name)).read(given.get("options"), `${path}.options`) };
  },
  schema: () => ({
    oneOf: names().map((name) => ({
      type: "object",
      properties: { name: { const: name }, options: optionsSchema(rules(name)) },
      required: ["name"],
      additionalProperties: false,
    })),
  }),
});

/** One of several forms, told by a key that only it has. */
export function oneOf<F extends Fields>(by: F): Form<Read<F[keyof F]>> {
  const keys = Object.keys(by);
  return {
    read(value, path) {
      const given = entriesOf(value, path);
      const found = keys.filter((key) => given.has(key));
      if (found.length !== 1)
        throw badMethod(
          path,
          `it has ${found.length === 0 ? "none" : "several"} of ${keys.join(", ")}`,
          `give it one of them`,
        );
      return by[found[0]!]!.read(value, path) as Read<F[keyof F]>;
    },
    schema: () => ({ oneOf: keys.map((key) => by[key]!.schema()) }),
  };
}
