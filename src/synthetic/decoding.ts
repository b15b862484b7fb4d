import type { Array as Traced } from "@jax-js/jax";
import { compile, type Tensor, withPullback } from "../engine/index.ts";
import type { DataSpace, TracedVariables, Variables } from "./space.ts";
import { StagedDecoding } from "./stagedDecoding.ts";

/** The way from the variables of the data space to the images that networks train on and, for gradients, back. */
export class Decoding {
  private readonly forward;
  private readonly transposed;
  /** The same in stages, of a space that has them. */
  private readonly staged: StagedDecoding | undefined;

  constructor(
    private readonly space: DataSpace,
    private readonly classes: number,
  ) {
    this.staged = space.staged && new StagedDecoding(space.staged, space.variables);
    this.forward = compile(space.decode, { name: "decoding of S" });
    this.transposed = compile(
      (variables: TracedVariables, bar: Traced) => {
        const frozen = (name: string) => space.variables[name]?.frozen === true;
        const part = (which: (name: string) => boolean) =>
          Object.fromEntries(Object.entries(variables).filter(([name]) => which(name)));
        const still = part(frozen);
        const decode = (moving: TracedVariables) =>
          space.decode({ ...Object.fromEntries(Object.entries(still).map(([n, t]) => [n, t.ref])), ...moving });
        const [images, back] = withPullback(
          decode,
          part((name) => !frozen(name)),
        );
        images.dispose();
        return back(bar);
      },
      { name: "transposed decoding of S" },
    );
  }

  /** Images [classes · imagesPerClass, C, H, W], class-major, in the training normalisation. */
  async images(variables: Variables): Promise<Tensor> {
    if (this.space.plain) return variables.images!;
    const grouped = this.grouped(variables);
    return ungrouped(await (this.staged ? this.staged.images(grouped) : this.forward(grouped)));
  }

  /** The gradient in the variables for a gradient in the images. */
  async pullback(variables: Variables, gradient: Tensor): Promise<Variables> {
    const { space, classes } = this;
    if (space.plain) return { images: gradient };
    const { shape } = gradient;
    const bar = gradient.reshape([classes, shape[0]! / classes, ...shape.slice(1)]);
    const grouped = this.grouped(variables);
    const found = await (this.staged ? this.staged.pullback(grouped, bar) : this.transposed(grouped, bar));
    return Object.fromEntries(Object.entries(found).map(([name, t]) => [name, t.reshape(variables[name]!.shape)]));
  }

  /** Multiply-adds of the images and of the way back, of a space whose decoding is no part of a step's graph; 0 of others. */
  async work(variables: Variables): Promise<number> {
    return this.staged ? this.staged.work(this.grouped(variables)) : 0;
  }

  dispose(): void {
    this.staged?.dispose();
    this.forward.dispose();
    this.transposed.dispose();
  }

  /** The variables of the data space, those with shares of classes as [classes, share, …]. */
  private grouped(variables: Variables): Variables {
    return Object.fromEntries(
      Object.entries(this.space.variables).map(([name, { perClass }]) => {
        const t = variables[name]!;
        return [name, perClass ? t.reshape([this.classes, t.shape[0]! / this.classes, ...t.shape.slice(1)]) : t];
      }),
    );
  }
}

/** [groups, n, …] as [groups · n, …]. */
function ungrouped(t: Tensor): Tensor {
  const [groups, each, ...shape] = t.shape as [number, number, ...number[]];
  return t.reshape([groups * each, ...shape]);
}
