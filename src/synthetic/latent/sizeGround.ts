import type { Normalisation } from "../../data/dataset.ts";
import { arrayShape } from "../../data/domain.ts";
import type { SpaceGround } from "../space.ts";

/** A ground of which only the sizes are known: codes and weights do not depend on the rest. */
export function sizeGround({ name, domain, classes, whitened }: SpaceGround) {
  const shape = arrayShape(domain);
  const none = new Float32Array();
  const normalisation: Normalisation = {
    scale: 1,
    mean: new Array<number>(shape[0]).fill(0),
    std: new Array<number>(shape[0]).fill(1),
    ...(whitened && { zca: { dimension: 0, mean: none, whiten: none, unwhiten: none } }),
  };
  return { name, shape, kind: domain.kind, classes: classes.length, normalisation };
}
