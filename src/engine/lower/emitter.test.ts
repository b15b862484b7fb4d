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
