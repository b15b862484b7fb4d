import { integer } from "../../engine/index.ts";
import { declarePartition } from "../trick.ts";

/** A few classes a step, in turn: a step costs as many classes as it visits (§5.3.3). */
export const partition = declarePartition({
  kind: "partition",
  title: "a few classes a step, in turn",
  reference: "§5.3.3",
  options: { classes: integer(1, 1, undefined, "classes visited in a step") },
  main: "classes",
  refuses: ({ classes }, method) => (classes > method.classes ? `there are only ${method.classes} classes` : undefined),
  make:
    ({ classes }) =>
    (step, all) =>
      Array.from({ length: classes }, (_, i) => (step * classes + i) % all).sort((a, b) => a - b),
});
