import { expect, test } from "vitest";
import { encodeModel, onnxTypes } from "../onnx/model.ts";
import { tensor } from "../tensor.ts";
import { CallersThread } from "./callersThread.node.ts";

const array = (name: string) => ({ name, type: onnxTypes.float32, shape: [2, 2] });
const product = {
  model: encodeModel({
    nodes: [{ op: "MatMul", inputs: ["a", "b"], outputs: ["c"] }],
    initializers: [],
    inputs: [array("a"), array("b")],
    outputs: [array("c")],
  }),
  inputs: ["a", "b"],
  outputs: ["c"],
};

test("a program runs where it is asked for, again after it was disposed of", async () => {
  const session = new CallersThread(2, product, "product");
  const feeds = { a: tensor([1, 2, 3, 4], [2, 2]), b: tensor([0, 1, 1, 0], [2, 2]) };
  for (let round = 0; round < 2; round++) {
    const [c] = await session.run(feeds);
    expect(c!.shape).toEqual([2, 2]);
    expect([...c!.data]).toEqual([2, 1, 4, 3]);
    session.dispose();
  }
});

test("what ONNX Runtime refuses is told with the program's name", async () => {
  const refused = {
    name: "AttarError",
    code: "runtime",
    message: expect.stringMatching(/^product: ONNX Runtime failed: /),
  };
  const session = new CallersThread(1, product, "product");
  await expect(session.run({ a: tensor([1, 2, 3, 4], [2, 2]), b: tensor([1], [1]) })).rejects.toMatchObject(refused);
  const broken = new CallersThread(1, { ...product, model: Uint8Array.of(1, 2, 3) }, "product");
  await expect(broken.run({})).rejects.toMatchObject(refused);
  session.dispose();
});
