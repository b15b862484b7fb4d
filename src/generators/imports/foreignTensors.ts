import { badData } from "../../data/badData.ts";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { size } from "../../engine/index.ts";

/** A tensor of a file by its name there and the shape that it must have. */
export interface Foreign {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The tensors of a file from elsewhere; it remembers which were taken and what was wrong with them. */
export interface ForeignTensors {
  readonly names: readonly string[];
  /** The shape of a tensor; undefined where there is none of that name. */
  shape(name: string): readonly number[] | undefined;
  /** Its values in single precision; zeros where it is missing or of another shape, which `refuseOdd` names. */
  take(wanted: Foreign): Float32Array;
  /**
   * Refuses a file of which tensors are missing, of another shape, or not read.
   *
   * @param family what the file was taken for @param ignored names that nothing is read of
   * @throws AttarError "bad-data" (exit code 2), one sentence with the names
   */
  refuseOdd(family: string, ignored?: RegExp): void;
}

/** Names that are listed in an error, at most. */
const listed = 4;

/**
 * Tensors under the names that they have. A first part that all share because several devices trained them, `module.`, falls away; of a
 * larger model only the tensors of one part of it are seen, under the names that they have within.
 *
 * @param part the first part of the names of that part, for example "first_stage_model."
 */
export function foreignTensors(
  tensors: ReadonlyMap<string, NumericTensor>,
  where: string,
  part?: string,
): ForeignTensors {
  const whole = within(tensors, "module.", (names, prefix) => names.every((name) => name.startsWith(prefix)));
  const own =
    part === undefined ? whole : within(whole, part, (names, prefix) => names.some((n) => n.startsWith(prefix)));
  const taken = new Set<string>();
  const missing = new Set<string>();
  const other = new Map<string, string>();
  return {
    names: [...own.keys()],
    shape: (name) => own.get(name)?.shape,
    take({ name, shape }) {
      const found = own.get(name);
      taken.add(name);
      if (!found) missing.add(name);
      else if (String(found.shape) !== String(shape)) other.set(name, `[${found.shape}], not [${shape}]`);
      else if (found.data instanceof Float32Array) return found.data;
      else return Float32Array.from(found.data as ArrayLike<number>, Number);
      return new Float32Array(size(shape));
    },
    refuseOdd(family, ignored) {
      const unread = [...own.keys()].filter((name) => !taken.has(name) && !ignored?.test(name));
      const faults = [
        ...(missing.size > 0 ? [`lacks ${quoted([...missing])}`] : []),
        ...(other.size > 0
          ? [
              `has ${[...other]
                .slice(0, listed)
                .map(([name, what]) => `"${name}" ${what}`)
                .join("; ")}${more(other.size)}`,
            ]
          : []),
        ...(unread.length > 0 ? [`has ${quoted(unread)}, which is not read`] : []),
      ];
      if (faults.length > 0)
        throw badData(
          where,
          `as ${family} it ${faults.join(", and ")}`,
          "docs/generators.md lists the families and the names of their tensors; --family chooses another",
        );
    },
  };
}

const quoted = (names: readonly string[]) =>
  `${names
    .slice(0, listed)
    .map((name) => `"${name}"`)
    .join(", ")}${more(names.length)}`;

const more = (count: number) => (count > listed ? ` and ${count - listed} more` : "");

type Tensors = ReadonlyMap<string, NumericTensor>;

/** The tensors whose names start with a prefix, without it, where the names say so; all of them as they are otherwise. */
const within = (tensors: Tensors, prefix: string, so: (names: string[], prefix: string) => boolean): Tensors =>
  tensors.size > 0 && so([...tensors.keys()], prefix)
    ? new Map(
        [...tensors]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
      )
    : tensors;
