import { integer } from "../../engine/index.ts";
import type { PartitionTrick } from "../trick.ts";

/** A few classes a step, in turn: a step costs as many classes as it visits (§5.3.3). */
export const partition: PartitionTrick = {
  kind: "partition",
  title: "a few classes a step, in turn",
  reference: "§5.3.3",
  options: { classes: integer(1, 1, undefined, "classes visited in a step") },
  main: "classes",
  refuses: ({ classes }, method) =>
    (classes as number) > method.classes ? `there are only ${method.classes} classes` : undefined,
  make:
    ({ classes }) =>
    (step, all) =>
      Array.from({ length: classes as number }, (_, i) => (step * (classes as number) + i) % all).sort((a, b) => a - b),
};
