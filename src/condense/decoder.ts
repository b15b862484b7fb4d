import { compile, Tensor } from "../engine/index.ts";
import type { DataSpace, Variables } from "../synthetic/index.ts";

/** Turns variables into the images that networks train on, outside of a step. */
export class Decoder {
  private readonly compiled;

  constructor(
    private readonly space: DataSpace,
    private readonly classes: number,
  ) {
    this.compiled = compile(space.decode, { name: "decoding of S" });
  }

  /** [classes · imagesPerClass, C, H, W], class-major, in the training normalisation. */
  async images(variables: Variables): Promise<Tensor> {
    if (this.space.plain) return variables.images!;
    const grouped = Object.fromEntries(
      Object.entries(variables).map(([name, t]) => [
        name,
        this.space.variables[name]!.perClass
          ? t.reshape([this.classes, t.shape[0]! / this.classes, ...t.shape.slice(1)])
          : t,
      ]),
    );
    const decoded = await this.compiled(grouped);
    const [groups, each, ...shape] = decoded.shape as [number, number, ...number[]];
    return new Tensor(decoded.data, [groups * each, ...shape], "float32");
  }

  dispose(): void {
    this.compiled.dispose();
  }
}
