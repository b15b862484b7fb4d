import { badData } from "../../../data/badData.ts";
import { parseTorch } from "../../../data/formats/pickle/pt.ts";
import { ArrayValue, kindOf, type PickleValue } from "../../../data/formats/pickle/value.ts";
import { AttarError } from "../../../engine/errors.ts";
import type { Files } from "./layout.ts";

/** The value of a file of PyTorch. @throws AttarError "absent-file", and as parseTorch does */
export async function torchFile(files: Files, path: string): Promise<PickleValue> {
  const bytes = await files.read(path);
  if (bytes) return parseTorch(bytes, path);
  throw new AttarError(
    "absent-file",
    `there is no file ${path}`,
    "name the file of the images; that of the labels lies beside it",
  );
}

/** The error of a value that is of another layout, with the one that it looks like. */
export function otherLayout(value: PickleValue, path: string, expected: string): AttarError {
  const like =
    value instanceof Map && value.has("data")
      ? "vico"
      : value instanceof ArrayValue
        ? "mtt"
        : Array.isArray(value) && value.length === 2 && value.every((v) => v instanceof ArrayValue)
          ? "idc"
          : undefined;
  return badData(
    path,
    `holds ${kindOf(value)}, and ${expected} is expected`,
    like ? `It looks like --as ${like}.` : "Layouts are described in docs/benchmark-metrics.md.",
  );
}
