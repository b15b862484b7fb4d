import { badData } from "../../data/badData.ts";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { Tensor } from "../../engine/index.ts";
import type { Params, ShapeTable } from "../../hypotheses/index.ts";

/** Parameters as a flat record "layer.name", the names PyTorch gives them. */
export function tensorsOf(params: Params): Record<string, NumericTensor> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([layer, tensors]) =>
      Object.entries(tensors).map(([name, { shape, data }]) => [
        `${layer}.${name}`,
        { shape, data: data as Float32Array },
      ]),
    ),
  );
}

/**
 * The reverse, checked against the shapes expected.
 *
 * @throws AttarError "bad-data" for a tensor that is missing or has another shape or type
 */
export function paramsOf(tensors: Readonly<Record<string, NumericTensor>>, like: ShapeTable, where: string): Params {
  return Object.fromEntries(
    Object.entries(like).map(([layer, expected]) => [
      layer,
      Object.fromEntries(
        Object.entries(expected).map(([name, { shape }]) => {
          const found = tensors[`${layer}.${name}`];
          if (!found) throw badData(where, `has no tensor "${layer}.${name}"`);
          if (!(found.data instanceof Float32Array) || String(found.shape) !== String(shape))
            throw badData(where, `its tensor "${layer}.${name}" is not float32 [${shape}]`);
          return [name, new Tensor(found.data, shape, "float32")];
        }),
      ),
    ]),
  );
}
