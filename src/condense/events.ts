import type { CondensedSet } from "../data/dataset.ts";
import type { Configuration } from "./configuration.ts";
import type { PushForward } from "./pushForward.ts";
import type { State } from "./state.ts";

/** The events of a run, in order. Seconds count from the start of this process's part of the run. */
export type CondenseEvent =
  | { event: "start"; configuration: Configuration; step: number }
  | { event: "step"; step: number; steps: number; loss: number; seconds: number }
  | { event: "checkpoint"; step: number; state: State }
  | { event: "snapshot"; step: number; set: CondensedSet }
  | { event: "frame"; step: number; set: CondensedSet }
  | {
      event: "done";
      step: number;
      seconds: number;
      set: CondensedSet;
      /** What the way into codes loses on T, of a run that went it from its start. */
      pushForward?: PushForward;
    };
