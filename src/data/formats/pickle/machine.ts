import { badData } from "../../badData.ts";
import { Cursor } from "./cursor.ts";
import { ArrayValue, type Globals, kindOf, Named, Opaque, type PickleContext, type PickleValue } from "./value.ts";

export interface PickleOptions {
  /** The calls of functions and classes that the pickle may name; any other name is refused. */
  readonly globals: Globals;
  /** Answers a persistent id, which stands for something kept outside of the pickle; refused where left out. */
  readonly persistent?: (id: PickleValue) => PickleValue;
  /** The offset that it starts at. */
  readonly at?: number;
}

/** The longest number in bytes: the magic number of old files of PyTorch has ten. */
const longestInteger = 16;

/**
 * Reads a pickle of protocols 0 to 5 as data. Nothing is run: a pickle is a program that may call any function of Python, and here
 * a name that is not in `globals` is refused, whatever it is for.
 *
 * @returns the value, and the offset of the byte after it
 * @throws AttarError "bad-data" that names the function, class or operation which is not read
 */
export function unpickle(
  bytes: Uint8Array,
  context: PickleContext,
  { globals, persistent, at = 0 }: PickleOptions,
): { value: PickleValue; end: number } {
  const { where } = context;
  const cursor = new Cursor(bytes, where, at);
  const memo = new Map<number, PickleValue>();
  const below: PickleValue[][] = [];
  let stack: PickleValue[] = [];

  const damaged = (what: string) => badData(where, `the pickle is damaged (${what})`);
  const push = (value: PickleValue) => void stack.push(value);
  const pop = (): PickleValue => {
    if (stack.length === 0) throw damaged("nothing to take");
    return stack.pop()!;
  };
  const top = (): PickleValue => {
    if (stack.length === 0) throw damaged("nothing to look at");
    return stack.at(-1)!;
  };
  /** The values since the last mark. */
  const marked = (): PickleValue[] => {
    const own = stack;
    const outer = below.pop();
    if (!outer) throw damaged("no mark");
    stack = outer;
    return own;
  };
  const get = (index: number): PickleValue => {
    const value = memo.get(index);
    if (value === undefined) throw damaged(`nothing remembered as ${index}`);
    return value;
  };
  const named = (module: string, name: string): Named => {
    const full = `${module.replace(/^__builtin__$/, "builtins")}.${name}`;
    if (Object.hasOwn(globals, full)) return new Named(full);
    throw badData(
      where,
      `its pickle names ${full}, which is not read: pickles are read as data, and nothing in them is run`,
      "Save plain tensors or arrays in its place: numpy.savez, safetensors.numpy.save_file, torch.save of tensors.",
    );
  };
  const list = (): PickleValue[] => {
    const value = top();
    if (!Array.isArray(value)) throw damaged(`${kindOf(value)} where a list is`);
    return value;
  };
  const put = (items: readonly PickleValue[]) => {
    const into = top();
    if (!(into instanceof Map)) throw damaged(`${kindOf(into)} where a dict is`);
    if (items.length % 2 !== 0) throw damaged("a key without a value");
    for (let i = 0; i < items.length; i += 2) into.set(items[i]!, items[i + 1]!);
  };
  const mapOf = (items: readonly PickleValue[]) => {
    push(new Map());
    put(items);
  };
  const call = () => {
    const args = pop();
    const callee = pop();
    if (!(callee instanceof Named)) throw damaged(`${kindOf(callee)} is called`);
    if (!Array.isArray(args)) throw damaged(`${callee.name} is called with ${kindOf(args)}`);
    push(globals[callee.name]!(args, context));
  };
  /** What an object is given after it was made: an array its numbers; the attributes of a dict are left out. */
  const build = () => {
    const state = pop();
    const object = top();
    if (object instanceof ArrayValue || object instanceof Opaque) object.build(state, context);
    else if (!(object instanceof Map)) throw damaged(`${kindOf(object)} is given a state`);
  };
  const integer = (raw: Uint8Array): number | bigint => {
    if (raw.length > longestInteger) throw badData(where, `the pickle has an integer of ${raw.length} bytes`);
    let value = 0n;
    for (let i = raw.length - 1; i >= 0; i--) value = value * 256n + BigInt(raw[i]!);
    return narrowed(BigInt.asIntN(8 * raw.length, value));
  };
  const written = (text: string): number | bigint | boolean => {
    if (text === "00" || text === "01") return text === "01";
    const digits = /^\s*(-?\d{1,40})L?\s*$/.exec(text)?.[1];
    if (digits === undefined) throw damaged("a number that is none");
    return narrowed(BigInt(digits));
  };
  const unicode = (raw: Uint8Array): string => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    } catch {
      throw damaged("text that is not UTF-8");
    }
  };
  const refused = (operation: string) => () => {
    throw badData(where, `its pickle uses ${operation}, which is not read`);
  };
  const times = (count: number) => () => {
    if (stack.length < count) throw damaged("nothing to take");
    push(stack.splice(stack.length - count, count));
  };

  const operations: Readonly<Record<number, () => void>> = {
    // Marks, and what is remembered
    [code("(")]: () => {
      below.push(stack);
      stack = [];
    },
    [code("0")]: () => void pop(),
    [code("1")]: () => void marked(),
    [code("2")]: () => push(top()),
    [code("p")]: () => void memo.set(Number(written(cursor.line())), top()),
    [code("q")]: () => void memo.set(cursor.byte(), top()),
    [code("r")]: () => void memo.set(cursor.uint32(), top()),
    148: () => void memo.set(memo.size, top()),
    [code("g")]: () => push(get(Number(written(cursor.line())))),
    [code("h")]: () => push(get(cursor.byte())),
    [code("j")]: () => push(get(cursor.uint32())),
    // Numbers and None
    [code("N")]: () => push(null),
    136: () => push(true),
    137: () => push(false),
    [code("I")]: () => push(written(cursor.line())),
    [code("L")]: () => push(written(cursor.line())),
    [code("J")]: () => push(cursor.int32()),
    [code("K")]: () => push(cursor.byte()),
    [code("M")]: () => push(cursor.uint16()),
    138: () => push(integer(cursor.take(cursor.byte()))),
    139: () => push(integer(cursor.take(cursor.uint32()))),
    [code("F")]: () => push(float(cursor.line(), damaged)),
    [code("G")]: () => push(cursor.double()),
    // Texts and bytes
    [code("S")]: () => push(textOfPython2(quoted(cursor.line(), damaged))),
    [code("T")]: () => push(textOfPython2(cursor.take(cursor.uint32()))),
    [code("U")]: () => push(textOfPython2(cursor.take(cursor.byte()))),
    [code("V")]: () => push(escaped(cursor.line())),
    [code("X")]: () => push(unicode(cursor.take(cursor.uint32()))),
    140: () => push(unicode(cursor.take(cursor.byte()))),
    141: () => push(unicode(cursor.take(cursor.uint64()))),
    [code("B")]: () => push(cursor.take(cursor.uint32())),
    [code("C")]: () => push(cursor.take(cursor.byte())),
    142: () => push(cursor.take(cursor.uint64())),
    150: () => push(cursor.take(cursor.uint64())),
    // Collections
    [code("]")]: () => push([]),
    [code(")")]: () => push([]),
    [code("}")]: () => push(new Map()),
    143: () => push([]),
    [code("l")]: () => push(marked()),
    [code("t")]: () => push(marked()),
    145: () => push(marked()),
    133: times(1),
    134: times(2),
    135: times(3),
    [code("d")]: () => mapOf(marked()),
    [code("a")]: () => {
      const value = pop();
      list().push(value);
    },
    [code("e")]: () => {
      const items = marked();
      const into = list();
      for (const item of items) into.push(item);
    },
    144: () => {
      const items = marked();
      const into = list();
      for (const item of items) into.push(item);
    },
    [code("s")]: () => put(stack.splice(Math.max(0, stack.length - 2), 2)),
    [code("u")]: () => put(marked()),
    // Names and what is made by them
    [code("c")]: () => push(named(cursor.line(), cursor.line())),
    147: () => {
      const [name, module] = [pop(), pop()];
      if (typeof name !== "string" || typeof module !== "string") throw damaged("a name that is no text");
      push(named(module, name));
    },
    [code("R")]: call,
    129: call,
    [code("b")]: build,
    [code("Q")]: () => {
      if (!persistent) throw badData(where, "its pickle refers to something outside of it, which is not read");
      push(persistent(pop()));
    },
    // What is skipped, and what is refused
    128: () => {
      const protocol = cursor.byte();
      if (protocol > 5) throw badData(where, `its pickle has protocol ${protocol}, those up to 5 are read`);
    },
    149: () => void cursor.take(8),
    [code("P")]: refused("a persistent id in text"),
    [code("i")]: refused("INST"),
    [code("o")]: refused("OBJ"),
    130: refused("an extension"),
    131: refused("an extension"),
    132: refused("an extension"),
    146: refused("NEWOBJ_EX"),
    151: refused("a buffer outside of it"),
    152: refused("a buffer outside of it"),
  };

  for (;;) {
    const operation = cursor.byte();
    if (operation === code(".")) break;
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!run) throw damaged(`no operation has number ${operation}`);
    run();
  }
  return { value: pop(), end: cursor.at };
}

const code = (character: string) => character.charCodeAt(0);

const narrowed = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/** A float as Python writes it: 0.5, 1e-05, nan, -inf. */
function float(text: string, damaged: (what: string) => Error): number {
  const special = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY }[text];
  if (special !== undefined) return special;
  if (!/^-?[\d.]+(e[-+]?\d+)?$/i.test(text)) throw damaged("a number that is none");
  return Number(text);
}

/** The bytes of a text in quotes, as Python 2 writes it: \n, \\, \x9c and others escaped. */
function quoted(line: string, damaged: (what: string) => Error): Uint8Array {
  const inner = /^(['"])(.*)\1$/s.exec(line)?.[2];
  if (inner === undefined) throw damaged("a text without quotes");
  const plain = inner.replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)/gs, (_, tail: string) => {
    if (tail.length === 3 && tail[0] === "x") return String.fromCharCode(Number.parseInt(tail.slice(1), 16));
    if (/^[0-7]/.test(tail)) return String.fromCharCode(Number.parseInt(tail, 8) & 255);
    return { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", f: "\f", v: "\v" }[tail] ?? tail;
  });
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

/** A text of protocol 0, in which characters above 255, backslashes and line ends are escaped. */
const escaped = (line: string): string =>
  line.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (all, short?: string, long?: string) => {
    const point = Number.parseInt(short ?? long ?? "", 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });

/** A `str` of Python 2: text where it is ASCII, else its bytes. */
function textOfPython2(raw: Uint8Array): string | Uint8Array {
  if (raw.some((byte) => byte > 127)) return raw;
  return new TextDecoder().decode(raw);
}
