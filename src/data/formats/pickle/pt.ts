import { badData } from "../../badData.ts";
import { Budget } from "../budget.ts";
import type { Inflate } from "../inflate.ts";
import { parseZip } from "../zip.ts";
import { unpickle } from "./machine.ts";
import { storageReader, torchGlobals } from "./torch.ts";
import type { PickleContext, PickleValue } from "./value.ts";

/** What the first pickle of a file older than PyTorch 1.6 holds. */
const oldMagic = 0x1950a86a20f9469cfc6cn;

/**
 * Reads a file that `torch.save` wrote (.pt, .pth): tensors, parameters, and collections of them with numbers and texts. Since
 * PyTorch 1.6 it is a zip archive, before that a row of pickles with the storages after them. Nothing in it is run.
 *
 * @throws AttarError "bad-data": another function or class, which the message names; a file of TorchScript; a damaged one
 */
export function parseTorch(bytes: Uint8Array, where: string, unpack?: Inflate): PickleValue {
  const budget = new Budget(bytes.length, where);
  const context = { where, take: (count: number) => budget.take(count) };
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (isZip) return fromZip(parseZip(bytes, where, unpack), context);
  if (isTar(bytes))
    throw badData(
      where,
      "is a tar archive, as PyTorch wrote before version 0.1.10, which is not read",
      "Load it in Python and save it again: torch.save(torch.load(path), path).",
    );
  return fromPickles(bytes, context);
}

const isTar = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes.subarray(257, 262)) === "ustar";

function fromZip(entries: ReadonlyMap<string, Uint8Array>, context: PickleContext): PickleValue {
  const { where } = context;
  const path = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (path === undefined) throw badData(where, "is a zip archive without data.pkl, so not what torch.save writes");
  const folder = path.slice(0, path.indexOf("/") + 1);
  if (entries.has(`${folder}constants.pkl`))
    throw badData(
      where,
      "is a program of TorchScript, not tensors",
      "Save its tensors instead: torch.save(module.state_dict(), path).",
    );
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order).trim() !== "little")
    throw badData(where, "was written on a big-endian machine, which is not read");
  const persistent = storageReader((key, length) => {
    const found = entries.get(`${folder}data/${key}`);
    if (!found || found.length < length)
      throw badData(where, `storage ${key} has ${found?.length ?? 0} of ${length} bytes (cut short?)`);
    return found.subarray(0, length);
  }, context);
  return unpickle(entries.get(path)!, context, { globals: torchGlobals, persistent }).value;
}

function fromPickles(bytes: Uint8Array, context: PickleContext): PickleValue {
  const { where } = context;
  const notTorch = () => badData(where, "is no file that torch.save writes");
  // Protocol 2, then a long of ten bytes: anything else is not worth reading as a pickle.
  if (bytes[0] !== 0x80 || bytes[2] !== 0x8a) throw notTorch();
  const magic = unpickle(bytes, context, { globals: {} });
  if (magic.value !== oldMagic) throw notTorch();
  const protocol = unpickle(bytes, context, { globals: {}, at: magic.end });
  if (protocol.value !== 1001) throw badData(where, "has a protocol of torch.save that is not read");
  const system = unpickle(bytes, context, { globals: {}, at: protocol.end });
  if (!(system.value instanceof Map) || system.value.get("little_endian") !== true)
    throw badData(where, "was written on a big-endian machine, which is not read");
  // The storages lie after the value that names them: it is read once to know where it ends, and how wide elements are.
  const widths = new Map<string, number>();
  const spare = new Budget(bytes.length, where);
  const first = { where, take: (count: number) => spare.take(count) };
  const skim = storageReader((key, length) => {
    if (length > bytes.length) throw badData(where, `storage ${key} claims ${length} bytes (cut short?)`);
    widths.set(key, length);
    return new Uint8Array(length);
  }, first);
  const { end } = unpickle(bytes, first, { globals: torchGlobals, persistent: skim, at: system.end });
  const keys = unpickle(bytes, context, { globals: {}, at: end });
  const placed = new Map<string, Uint8Array>();
  let at = keys.end;
  for (const key of Array.isArray(keys.value) ? keys.value : []) {
    const length = typeof key === "string" ? widths.get(key) : undefined;
    if (length === undefined || at + 8 + length > bytes.length)
      throw badData(where, "its storages are not those that it names (cut short?)");
    placed.set(String(key), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const persistent = storageReader((key, length) => {
    const found = placed.get(key);
    if (found?.length !== length) throw badData(where, `storage ${key} is missing (cut short?)`);
    return found;
  }, context);
  return unpickle(bytes, context, { globals: torchGlobals, persistent, at: system.end }).value;
}
