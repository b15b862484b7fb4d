import { AttarError } from "../engine/index.ts";

/** @throws AttarError "bad-layer" (exit code 2) unless the generator has the layer */
export function checkLayer(name: string, layer: number, layers: number): void {
  if (Number.isInteger(layer) && layer >= 0 && layer <= layers) return;
  throw new AttarError(
    "bad-layer",
    `generator ${name} has no layer ${layer}: ${layers === 0 ? "its code, layer 0, is the only one" : `they are 0, its code, to ${layers}`}`,
    "--set synthetic.layer=0",
  );
}
