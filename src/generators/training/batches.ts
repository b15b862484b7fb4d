import type { RandomKey } from "../../engine/index.ts";

/** The rows of the batch of a step: passes over the samples, each in its own order, those that fill no batch sit it out. */
export function batches(count: number, each: number, order: RandomKey): (step: number) => Uint32Array {
  const perPass = Math.floor(count / each);
  let pass = -1;
  let shuffled = new Uint32Array();
  return (step) => {
    const own = Math.floor(step / perPass);
    if (own !== pass) [pass, shuffled] = [own, Uint32Array.from(order.fold(own).permutation(count))];
    const at = (step - own * perPass) * each;
    return shuffled.subarray(at, at + each);
  };
}
