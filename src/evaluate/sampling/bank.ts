import { declareSampling } from "./sampling.ts";

/** The images of the set, which are decoded once. */
export const bank = declareSampling({
  title: "the images of the set",
  reference: "§3; §5.2.1, S* = g_d(Z)",
  options: {},
  make: async () => ({ of: async (set) => set, dispose: () => {} }),
});
