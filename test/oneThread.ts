import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

/** Test files run side by side, one a core: engines that took all cores each would wait for one another. */
os.availableParallelism = () => 1;
syncBuiltinESMExports();
