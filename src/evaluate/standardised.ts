import { size, Tensor } from "../engine/index.ts";

/** Images [n, …] less their mean, over their deviation: batches of so many, one after the other, each by its own two numbers. */
export function standardised({ data, shape }: Tensor, batch: number): Tensor {
  const each = size(shape.slice(1)) * batch;
  const out = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += each) {
    const to = Math.min(data.length, from + each);
    let [sum, squares] = [0, 0];
    for (let i = from; i < to; i++) sum += data[i]!;
    const mean = sum / (to - from);
    for (let i = from; i < to; i++) squares += (data[i]! - mean) ** 2;
    const deviation = Math.sqrt(squares / (to - from)) || 1;
    for (let i = from; i < to; i++) out[i] = (data[i]! - mean) / deviation;
  }
  return new Tensor(out, shape, "float32");
}
