import { Tensor, type Tensors, tensor } from "../../../engine/index.ts";

/** Two memories of every class, first in, first out: latents of T, and estimates of a model. */
export interface MemoryShape {
  readonly classes: number;
  /** Rows that a class remembers. */
  readonly rows: number;
  /** Numbers of a row. */
  readonly numbers: number;
}

/** Memories that hold nothing: `real` and `made` [classes, rows, numbers], and how many rows have come to each class, `pushed` [classes]. */
export const emptyMemory = ({ classes, rows, numbers }: MemoryShape): Tensors => {
  const empty = () => tensor(new Float32Array(classes * rows * numbers), [classes, rows, numbers]);
  return { real: empty(), made: empty(), pushed: tensor(new Float32Array(classes), [classes]) };
};

/** The memories of some classes as a term reads them: rows, and 1 where there is one. */
export function remembered({ real, made, pushed }: Tensors, active: readonly number[]): Tensors {
  const rows = real!.shape[1]!;
  const filled = Float32Array.from({ length: active.length * rows }, (_, i) =>
    i % rows < pushed!.data[active[Math.floor(i / rows)]!]! ? 1 : 0,
  );
  return { real: real!.take(active), made: made!.take(active), filled: tensor(filled, [active.length, rows]) };
}

/** The memories after a batch of `each` rows of every visited class, class by class: the oldest rows make room. */
export function pushedTo(memory: Tensors, active: readonly number[], real: Tensor, made: Tensor): Tensors {
  const [, rows, numbers] = memory.real!.shape as [number, number, number];
  const each = real.shape[0]! / active.length;
  const pushed = Float32Array.from(memory.pushed!.data);
  const written = (before: Tensor, batch: Tensor): Tensor => {
    const data = Float32Array.from(before.data);
    for (const [g, c] of active.entries())
      for (let i = 0; i < each; i++) {
        const at = (c * rows + ((memory.pushed!.data[c]! + i) % rows)) * numbers;
        data.set(batch.data.subarray((g * each + i) * numbers, (g * each + i + 1) * numbers), at);
      }
    return new Tensor(data, before.shape, "float32");
  };
  const next = { real: written(memory.real!, real), made: written(memory.made!, made) };
  for (const c of active) pushed[c] = pushed[c]! + each;
  return { ...next, pushed: tensor(pushed, memory.pushed!.shape) };
}
