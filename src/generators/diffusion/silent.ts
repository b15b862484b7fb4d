import type { InitialTable } from "../../hypotheses/layers/stage.ts";

/** A stage whose parameters start at 0: what it adds is nothing at first. */
export const silent = <S extends { readonly parameters: InitialTable }>(stage: S): S => ({
  ...stage,
  parameters: Object.fromEntries(
    Object.entries(stage.parameters).map(([layer, own]) => [
      layer,
      Object.fromEntries(Object.entries(own).map(([name, { shape }]) => [name, { shape, start: { value: 0 } }])),
    ]),
  ),
});
