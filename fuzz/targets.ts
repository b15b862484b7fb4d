import { binaryTargets } from "./binaryTargets.ts";
import { pickleTargets } from "./pickleTargets.ts";
import { safetensorsTargets } from "./safetensorsTargets.ts";
import type { Target } from "./target.ts";
import { textTargets } from "./textTargets.ts";

/** All parsers under test. */
export const targets: readonly Target[] = [...binaryTargets, ...pickleTargets, ...safetensorsTargets, ...textTargets];
