import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/**
 * Writes the subset of ONNX's protobuf schema (onnx.proto, IR version 10) that the lowering needs. The wire format comes
 * from a protobuf library; the field numbers below are the schema's own.
 */
export type Attribute = number | { float: number } | { graph: OnnxModel } | readonly number[] | string;

export interface OnnxNode {
  op: string;
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, Attribute>>;
  /** Names of the enclosing graph that graph-valued attributes read. */
  captures?: readonly string[];
}

export interface OnnxTensorType {
  name: string;
  /** TensorProto.DataType. */
  type: number;
  /** Left out where it is not known; a name stands for a size that is free. */
  shape?: readonly (number | string)[];
}

export interface OnnxInitializer extends OnnxTensorType {
  shape: readonly number[];
  data: ArrayBufferView;
}

/** A graph with its inputs and outputs: a whole model, or the body of a loop. */
export interface OnnxModel {
  nodes: readonly OnnxNode[];
  inputs: readonly OnnxTensorType[];
  outputs: readonly OnnxTensorType[];
  initializers: readonly OnnxInitializer[];
}

/** TensorProto.DataType by element type. */
export const onnxTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float64: 11, uint32: 12 } as const;

/** The three operator sets a program may use: ONNX's own, ONNX Runtime's extensions, its blocked-layout convolutions. */
const opsets = [
  ["", 18],
  ["com.microsoft", 1],
  ["com.microsoft.nchwc", 1],
] as const;

/**
 * A model's bytes.
 *
 * @param about texts by name that go along: what its inputs and outputs mean, say
 * @param own true for a model of ONNX's own operators alone, which asks a reader for no others
 */
export function encodeModel(
  model: OnnxModel,
  { about = {}, own = false }: { about?: Readonly<Record<string, string>>; own?: boolean } = {},
): Uint8Array {
  const w = new BinaryWriter();
  w.tag(1, WireType.Varint).int64(8); // ir_version
  w.tag(2, WireType.LengthDelimited).string("attar");
  message(w, 7, (g) => writeGraph(g, model, "main"));
  for (const [domain, version] of own ? opsets.slice(0, 1) : opsets)
    message(w, 8, (o) => {
      o.tag(1, WireType.LengthDelimited).string(domain);
      o.tag(2, WireType.Varint).int64(version);
    });
  for (const [key, value] of Object.entries(about))
    message(w, 14, (entry) => {
      entry.tag(1, WireType.LengthDelimited).string(key);
      entry.tag(2, WireType.LengthDelimited).string(value);
    });
  return w.finish();
}

function message(w: BinaryWriter, field: number, body: (w: BinaryWriter) => void): void {
  w.tag(field, WireType.LengthDelimited).fork();
  body(w);
  w.join();
}

function writeGraph(w: BinaryWriter, graph: OnnxModel, name: string): void {
  for (const node of graph.nodes) message(w, 1, (n) => writeNode(n, node));
  w.tag(2, WireType.LengthDelimited).string(name);
  for (const t of graph.initializers) message(w, 5, (m) => writeInitializer(m, t));
  for (const t of graph.inputs) message(w, 11, (m) => writeValueInfo(m, t));
  for (const t of graph.outputs) message(w, 12, (m) => writeValueInfo(m, t));
}

function writeNode(w: BinaryWriter, node: OnnxNode): void {
  for (const name of node.inputs) w.tag(1, WireType.LengthDelimited).string(name);
  for (const name of node.outputs) w.tag(2, WireType.LengthDelimited).string(name);
  w.tag(4, WireType.LengthDelimited).string(node.op);
  for (const [name, value] of Object.entries(node.attributes ?? {}))
    message(w, 5, (a) => writeAttribute(a, name, value));
  if (node.domain) w.tag(7, WireType.LengthDelimited).string(node.domain);
}

function writeAttribute(w: BinaryWriter, name: string, value: Attribute): void {
  w.tag(1, WireType.LengthDelimited).string(name);
  let type: number;
  if (typeof value === "number") {
    w.tag(3, WireType.Varint).int64(value);
    type = 2;
  } else if (typeof value === "string") {
    w.tag(4, WireType.LengthDelimited).bytes(new TextEncoder().encode(value));
    type = 3;
  } else if ("float" in value) {
    w.tag(2, WireType.Bit32).float(value.float);
    type = 1;
  } else if ("graph" in value) {
    message(w, 6, (g) => writeGraph(g, value.graph, name));
    type = 5;
  } else {
    for (const v of value) w.tag(8, WireType.Varint).int64(v);
    type = 7;
  }
  w.tag(20, WireType.Varint).int32(type);
}

function writeInitializer(w: BinaryWriter, t: OnnxInitializer): void {
  for (const d of t.shape) w.tag(1, WireType.Varint).int64(d);
  w.tag(2, WireType.Varint).int32(t.type);
  w.tag(8, WireType.LengthDelimited).string(t.name);
  w.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(t.data.buffer, t.data.byteOffset, t.data.byteLength));
}

function writeValueInfo(w: BinaryWriter, t: OnnxTensorType): void {
  w.tag(1, WireType.LengthDelimited).string(t.name);
  message(w, 2, (type) =>
    message(type, 1, (tensorType) => {
      tensorType.tag(1, WireType.Varint).int32(t.type);
      const dims = t.shape;
      if (!dims) return;
      message(tensorType, 2, (shape) => {
        for (const d of dims)
          message(shape, 1, (dim) =>
            typeof d === "number"
              ? dim.tag(1, WireType.Varint).int64(d)
              : dim.tag(2, WireType.LengthDelimited).string(d),
          );
      });
    }),
  );
}
