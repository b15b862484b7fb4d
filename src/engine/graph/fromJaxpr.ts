import type { Array as Traced } from "@jax-js/jax";
import { AttarError } from "../errors.ts";
import type { DType } from "../tensor.ts";
import type { Atom, Graph, Node, Value } from "./graph.ts";

/** The fields of jax-js 0.1.25's Jaxpr that the engine reads; `jaxpr.contract.test.ts` pins them. */
export interface JaxprLike {
  inBinders: VarLike[];
  eqns: {
    primitive: string;
    inputs: (VarLike | LitLike)[];
    params: Record<string, unknown>;
    outBinders: VarLike[];
  }[];
  outs: (VarLike | LitLike)[];
}
interface VarLike {
  id: number;
  aval: { shape: number[]; dtype: string };
}
interface LitLike {
  value: number | boolean;
  aval: { shape: number[]; dtype: string };
}

const isLit = (x: VarLike | LitLike): x is LitLike => "value" in x;

const known = new Set<string>(["float32", "float64", "int32", "uint32", "bool"]);

/** Turns a Jaxpr into a graph, nested `jit` calls inlined. The Jaxpr's leading constants become leading inputs. */
export function graphFromJaxpr(jaxpr: JaxprLike, name: string): Graph {
  const nodes: Node[] = [];
  let next = 0;
  const make = (v: VarLike): Value => {
    const dtype = String(v.aval.dtype);
    if (!known.has(dtype))
      throw new AttarError("unsupported-type", `${name}: arrays of type ${dtype} cannot be compiled`, "use float32", 1);
    return { id: next++, shape: [...v.aval.shape], dtype: dtype as DType };
  };
  const inline = (body: JaxprLike, args: readonly Atom[]): Atom[] => {
    const env = new Map<VarLike, Atom>();
    body.inBinders.forEach((v, i) => {
      env.set(v, args[i]!);
    });
    const read = (x: VarLike | LitLike): Atom =>
      isLit(x) ? { literal: Number(x.value), shape: [], dtype: String(x.aval.dtype) as DType } : env.get(x)!;
    for (const eqn of body.eqns) {
      const inputs = eqn.inputs.map(read);
      if (eqn.primitive === "jit") {
        const results = inline(eqn.params.jaxpr as JaxprLike, inputs);
        eqn.outBinders.forEach((v, i) => {
          env.set(v, results[i]!);
        });
        continue;
      }
      const outputs = eqn.outBinders.map((v) => {
        const value = make(v);
        env.set(v, value);
        return value;
      });
      const node: Node = { op: eqn.primitive, inputs, params: eqn.params, outputs };
      for (const value of outputs) value.producer = node;
      nodes.push(node);
    }
    return body.outs.map(read);
  };
  const inputs = jaxpr.inBinders.map(make);
  const outputs = inline(jaxpr, inputs);
  return { inputs, nodes, outputs };
}

/** jax-js arrays that a trace captured, in the order of its leading inputs. */
export type Captured = readonly Traced[];
