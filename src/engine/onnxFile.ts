import type { Array as Traced } from "@jax-js/jax";
import type { Hosted } from "./compile.ts";
import { AttarError } from "./errors.ts";
import { lower } from "./lower/index.ts";
import { freeBatch } from "./onnx/freeBatch.ts";
import { encodeModel, type OnnxModel, type OnnxNode, onnxTypes } from "./onnx/model.ts";
import { type Tensor, zeros } from "./tensor.ts";
import { trace } from "./trace.ts";
import { flatten, leavesOf } from "./typed.ts";

export interface OnnxFileOptions {
  /** The function's name in messages. */
  readonly name: string;
  /** The name of the batch that comes in, and those of the results in their order. */
  readonly input: string;
  readonly outputs: readonly string[];
  /** The shape of a sample. */
  readonly sample: readonly number[];
  /** Texts by name that go along as the model's metadata. */
  readonly about?: Readonly<Record<string, string>>;
}

/** Two sizes of a batch, primes that no network has in its shapes: what differs between them is the batch. */
const sizes = [101, 103] as const;

/**
 * An ONNX file (operator set 18 of ONNX itself) of a traced function of one batch [N, …sample], N free, with everything else
 * that it takes inside: a network with its weights.
 *
 * @param fn takes the fixed arrays and a batch, and returns arrays whose first axis is the batch's
 * @throws AttarError "not-portable" (exit code 1) where the function's form depends on the batch's size
 */
export async function onnxFile<F>(
  fn: (fixed: F, batch: Traced) => Traced[],
  fixed: Hosted<F>,
  { name, input, outputs, sample, about }: OnnxFileOptions,
): Promise<Uint8Array> {
  const given = leavesOf<Tensor>(fixed);
  const lowered = async (n: number) => {
    const [examples, structure] = flatten<Tensor>([fixed, zeros([n, ...sample])]);
    const { graph, captured } = await trace({ name, fn, structure, examples });
    const { model } = lower(graph, name, { channelBlock: 0, portable: true });
    const values = [...captured, ...given];
    return { model: withConstants(model, values), batch: `i${values.length}` };
  };
  const [one, other] = [await lowered(sizes[0]), await lowered(sizes[1])];
  const free = freeBatch([one.model, other.model], sizes, one.batch);
  if (!free)
    throw new AttarError(
      "not-portable",
      `${name} takes another form for every number of samples and has no ONNX file`,
      "another network has: --net convnet",
      1,
    );
  const names = new Map([[one.batch, input], ...outputs.map((text, i): [string, string] => [`o${i}`, text])]);
  return encodeModel(renamed(free, names), { about, own: true });
}

/** The model with the leading inputs i0, i1 … as constants. */
function withConstants(model: OnnxModel, values: readonly Tensor[]): OnnxModel {
  const constants = new Map(values.map((t, i) => [`i${i}`, t]));
  return {
    ...model,
    inputs: model.inputs.filter(({ name }) => !constants.has(name)),
    initializers: [
      ...model.initializers,
      ...model.inputs.flatMap(({ name }) => {
        const t = constants.get(name);
        return t ? [{ name, type: onnxTypes[t.dtype], shape: t.shape, data: t.data }] : [];
      }),
    ],
  };
}

function renamed(model: OnnxModel, names: ReadonlyMap<string, string>): OnnxModel {
  const of = (name: string) => names.get(name) ?? name;
  const typed = <T extends { name: string }>(types: readonly T[]) => types.map((t) => ({ ...t, name: of(t.name) }));
  return {
    ...model,
    nodes: model.nodes.map(
      (node): OnnxNode => ({ ...node, inputs: node.inputs.map(of), outputs: node.outputs.map(of) }),
    ),
    inputs: typed(model.inputs),
    outputs: typed(model.outputs),
  };
}
