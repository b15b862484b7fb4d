import type { Discrepancy } from "../discrepancies/index.ts";
import { registerDiscrepancy } from "../discrepancies/registry.ts";
import { AttarError, type Declared, nearest } from "../engine/index.ts";
import { type Architecture, architectureRegistry } from "../hypotheses/index.ts";
import { type SpaceKind, spaceRegistry } from "../synthetic/index.ts";
import { type Trick, trickRegistry } from "../tricks/index.ts";
import { type View, viewRegistry } from "../views/index.ts";

/** Parts of one's own, each under the name that records and settings use. */
export interface Parts {
  readonly views?: Readonly<Record<string, View>>;
  readonly discrepancies?: Readonly<Record<string, Discrepancy>>;
  readonly networks?: Readonly<Record<string, Omit<Architecture, "name">>>;
  readonly spaces?: Readonly<Record<string, SpaceKind>>;
  readonly tricks?: Readonly<Record<string, Trick>>;
}

type Registering = (name: string, part: Declared, content: string | undefined) => () => void;

/** A kind of part: what it is called, the functions that its contract asks for, and where it is kept. */
interface Kind {
  readonly noun: string;
  readonly functions: readonly string[];
  readonly register: Registering;
}

const kinds: Readonly<Record<keyof Parts, Kind>> = {
  views: { noun: "view", functions: ["make"], register: viewRegistry.register },
  discrepancies: {
    noun: "discrepancy",
    functions: [],
    register: (name, part) => registerDiscrepancy(name, faced(name, part)),
  },
  networks: {
    noun: "network",
    functions: ["body"],
    register: (name, part, content) =>
      architectureRegistry.register(name, Object.assign({ ...part, name }, content !== undefined && { content })),
  },
  spaces: { noun: "data space", functions: ["storage", "extent", "make"], register: spaceRegistry.register },
  tricks: { noun: "trick", functions: ["make"], register: trickRegistry.register },
};

/** The names that a part may have. */
const nameLike = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * Registers parts of one's own beside attar's, so that records, settings and commands find them by name.
 *
 * @param parts by kind and name
 * @param content what tells networks of these names apart from others', such as a file's digest: experts and scores that are
 * kept of one are not taken for another's
 * @returns takes them out again
 * @throws AttarError "bad-plugin" for a part that does not fulfil its contract or whose name is taken; nothing is registered then
 */
export function register(parts: Parts, content?: string): () => void {
  const registered: (() => void)[] = [];
  const undo = () => {
    for (const takeOut of registered.splice(0).reverse()) takeOut();
  };
  try {
    for (const [kind, named] of Object.entries(parts)) {
      const found = isKind(kind) ? kinds[kind] : undefined;
      if (!found) throw unknownKind(kind);
      for (const [name, part] of Object.entries(objectOf(named, kind)))
        registered.push(found.register(name, checked(found, `${kind}.${name}`, name, part), content));
    }
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}

const isKind = (kind: string): kind is keyof Parts => Object.hasOwn(kinds, kind);

const bad = (what: string, hint: string) => new AttarError("bad-plugin", what, hint);

function unknownKind(kind: string): AttarError {
  const known = Object.keys(kinds);
  const near = nearest(kind, known);
  return bad(`there is no kind of part "${kind}"`, near ? `did you mean "${near}"?` : `kinds are ${known.join(", ")}`);
}

function objectOf(value: unknown, path: string): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw bad(`${path} is no object`, `for example ${path}: { … }`);
}

/** A part whose form is that of its kind. */
function checked({ noun, functions }: Kind, path: string, name: string, value: unknown): Declared {
  if (!nameLike.test(name))
    throw bad(`a ${noun} cannot be named "${name}"`, "names are lower-case words joined by dashes, such as my-part");
  const part = new Map<string, unknown>(Object.entries(objectOf(value, path)));
  const title = part.get("title");
  if (typeof title !== "string" || title === "") throw bad(`${path} has no title`, "add one line for tables: title");
  for (const asked of functions)
    if (typeof part.get(asked) !== "function")
      throw bad(`${path} has no function ${asked}`, `a ${noun} needs ${functions.join(", ")}: docs/methods.md`);
  const options = objectOf(part.get("options") ?? {}, `${path}.options`);
  const rules = Object.entries(options);
  for (const [option, rule] of rules)
    if (typeof objectOf(rule, `${path}.options.${option}`) !== "object" || !Object.hasOwn(rule, "default"))
      throw bad(`${path}.options.${option} is no rule`, "rules are made by integer, number, choice and flag");
  return Object.assign({ reference: "" }, Object.fromEntries(part), { title, options: Object.fromEntries(rules) });
}

/** A discrepancy with a face at least. */
function faced(name: string, part: Declared): Discrepancy {
  if (!("traced" in part) && !("measured" in part))
    throw bad(
      `discrepancies.${name} has no face`,
      "give it traced (as a loop minimises it), measured (as attar measure prints it) or both",
    );
  return part as Discrepancy;
}
