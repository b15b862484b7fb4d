import type { Array as Traced } from "@jax-js/jax";
import { compile, type Tensor, withPullback } from "../../engine/index.ts";
import type { DataSpace, TracedVariables, Variables } from "../../synthetic/index.ts";
import { Decoder } from "../decoder.ts";

/** From variables to images and, for gradients, back. */
export class Decoding {
  private readonly decoder: Decoder;
  private readonly transposed;

  constructor(
    private readonly space: DataSpace,
    private readonly classes: number,
  ) {
    this.decoder = new Decoder(space, classes);
    this.transposed = compile(
      (variables: TracedVariables, bar: Traced) => {
        const [images, back] = withPullback(space.decode, variables);
        images.dispose();
        return back(bar);
      },
      { name: "transposed decoding of S" },
    );
  }

  /** [M, C, H, W], class by class. */
  images(variables: Variables): Promise<Tensor> {
    return this.decoder.images(this.own(variables));
  }

  /** From the gradient in the images to that in the variables. */
  async pullback(variables: Variables, gradient: Tensor): Promise<Variables> {
    const { space, classes } = this;
    if (space.plain) return { images: gradient };
    const { shape } = gradient;
    const own = this.own(variables);
    const grouped = Object.fromEntries(
      Object.entries(own).map(([name, t]) => [
        name,
        space.variables[name]!.perClass ? t.reshape([classes, t.shape[0]! / classes, ...t.shape.slice(1)]) : t,
      ]),
    );
    const bar = gradient.reshape([classes, shape[0]! / classes, ...shape.slice(1)]);
    const found = await this.transposed(grouped, bar);
    return Object.fromEntries(Object.entries(found).map(([name, t]) => [name, t.reshape(own[name]!.shape)]));
  }

  dispose(): void {
    this.decoder.dispose();
    this.transposed.dispose();
  }

  /** The variables of the data space alone. */
  private own(variables: Variables): Variables {
    return Object.fromEntries(Object.keys(this.space.variables).map((name) => [name, variables[name]!]));
  }
}
