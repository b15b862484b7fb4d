import { expect, test } from "vitest";
import { Emitter } from "./emitter.ts";

const emitter = () => new Emitter("program", { channelBlock: 0 }, new Map());

test("an array under a shape it had before is that array, and no node is emitted", () => {
  const e = emitter();
  const flat = e.shaped({ name: "x", shape: [2, 3, 4] }, [6, 4]);
  expect(e.nodes.map((n) => n.op)).toEqual(["Reshape"]);
  expect(e.reshape(flat, [6, 4])).toBe(flat);
  expect(e.nodes).toHaveLength(1);
});

test("a reshaped array under a third shape is read from where it came from", () => {
  const e = emitter();
  const cube = e.reshape(e.reshape("x", [6, 4]), [2, 3, 4]);
  const node = e.nodes.find((n) => n.outputs[0] === cube)!;
  expect(node.inputs[0]).toBe("x");
});

test("back under its first shape it is the first array", () => {
  const e = emitter();
  e.set({ id: 0, dtype: "float32", shape: [2, 3] } as never, { name: "x", shape: [2, 3] });
  expect(e.reshape(e.reshape("x", [6]), [2, 3])).toBe("x");
});

test("the sum of arrays made from products of tiles of one kind is made from the sum of the products, also transposed", () => {
  const e = emitter();
  const made = (name: string, kind = "same") =>
    e.finished({ name, kind, finish: (products) => e.node("Finish", [products]) });
  const [a, b] = [made("p"), made("q")].map((name) => e.transpose(name, [1, 0])) as [string, string];
  const sum = e.sumOfTiles(a, b)!;
  const producer = (name: string) => e.nodes.find((n) => n.outputs[0] === name)!;
  expect(producer(sum).op).toBe("Transpose");
  const finish = producer(producer(sum).inputs[0]!);
  expect(finish.op).toBe("Finish");
  expect(producer(finish.inputs[0]!)).toMatchObject({ op: "Add", inputs: ["p", "q"] });
  expect(e.sumOfTiles(sum, e.transpose(made("r"), [1, 0]))).toBeDefined();
  expect(e.sumOfTiles(a, made("s"))).toBeUndefined();
  expect(e.sumOfTiles(made("t"), made("u", "another"))).toBeUndefined();
  expect(e.sumOfTiles(made("v"), "w")).toBeUndefined();
});
