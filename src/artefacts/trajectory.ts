import type { NumericTensor } from "../data/formats/npy.ts";
import { Tensor } from "../engine/index.ts";
import type { Params } from "../hypotheses/index.ts";
import type { ArtefactKind, Body, Member } from "./artefact.ts";
import { DamagedArtefact } from "./damaged.ts";

/** Trees of a training under way that go beside its states, by the first part of their tensors' names. */
export type Beside = Readonly<Record<string, Readonly<Record<string, Params>>>>;

/** States of one training as they are stored, and what is stored beside them. */
export interface Trajectory {
  readonly states: readonly Params[];
  readonly beside: Beside;
}

/** Each parameter as `conv1.weight` [states, …shape]; what goes beside, as `optimizer.velocity.conv1.weight`. */
export function trajectoryTensors({ states, beside }: Trajectory): Body["tensors"] {
  const tensors: Record<string, NumericTensor> = {};
  for (const [layer, own] of Object.entries(states[0]!))
    for (const [name, { shape, data }] of Object.entries(own)) {
      const all = new Float32Array(states.length * data.length);
      states.forEach((state, k) => {
        all.set(state[layer]![name]!.data as Float32Array, k * data.length);
      });
      tensors[`${layer}.${name}`] = { shape: [states.length, ...shape], data: all };
    }
  for (const [first, parts] of Object.entries(beside))
    for (const [part, params] of Object.entries(parts))
      for (const [layer, own] of Object.entries(params))
        for (const [name, { shape, data }] of Object.entries(own))
          tensors[`${first}.${part}.${layer}.${name}`] = { shape, data: data as Float32Array };
  return tensors;
}

/** A layer's, a tensor's or a part's name: nothing that every object has a property of. */
const isName = (name: string | undefined): name is string => name !== undefined && name !== "" && !(name in {});

/**
 * The inverse of {@link trajectoryTensors}: every state is a view of the stored tensors.
 *
 * @param count states there are; `ofEpochs` says in an error how many there ought to be
 * @throws DamagedArtefact
 */
export function trajectoryOf(
  kind: ArtefactKind,
  { tensors, where }: Pick<Member, "tensors" | "where">,
  count: number,
  ofEpochs: string,
): Trajectory {
  const damaged = (what: string) => new DamagedArtefact(kind, where, what);
  const entries = Object.entries(tensors);
  const states: Params[] = Array.from({ length: entries.length === 0 ? 0 : count }, () => ({}));
  const beside: Record<string, Record<string, Params>> = {};
  for (const [path, { data, shape }] of entries) {
    const names = path.split(".");
    const isBeside = besides.includes(names[0]!);
    const own = isBeside ? names.slice(2) : names;
    // A layer's name may have dots of its own.
    const [layer, name] = [own.slice(0, -1).join("."), own.at(-1)];
    if (own.length < 2 || !own.every(isName) || !isName(layer) || !isName(name) || !(data instanceof Float32Array))
      throw damaged(`has a tensor "${path}", which is no parameter`);
    if (shape.some((d) => d < 1)) throw damaged(`has an empty tensor "${path}" [${shape}]`);
    if (isBeside) {
      const [first, part] = names;
      if (!isName(part)) throw damaged(`has a tensor "${path}", which is no parameter`);
      beside[first!] ??= {};
      beside[first!]![part] = placed(beside[first!]![part], layer, name, new Tensor(data, shape, "float32"));
      continue;
    }
    if (shape[0] !== count) throw damaged(`has ${shape[0]} states of "${path}" and ${ofEpochs}`);
    const stacked = new Tensor(data, shape, "float32");
    for (let k = 0; k < count; k++)
      states[k] = placed(states[k], layer, name, stacked.rows(k, k + 1).reshape(shape.slice(1)));
  }
  if (states.length === 0) throw damaged("has no parameters");
  return { states, beside };
}

/** First parts of the names of what goes beside the states: no layer is called so. */
const besides = ["optimizer", "statistics", "averaged", "critic"];

const placed = (params: Params = {}, layer: string, name: string, value: Tensor): Params => ({
  ...params,
  [layer]: { ...params[layer], [name]: value },
});

/** A note that is a list of numbers; undefined where it is something else. */
export function numbersIn(note: string | undefined): readonly number[] | undefined {
  try {
    const value: unknown = JSON.parse(note ?? "");
    if (Array.isArray(value) && value.every((one): one is number => typeof one === "number")) return value;
  } catch {
    // No JSON is no list of numbers.
  }
  return undefined;
}
