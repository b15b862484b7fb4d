import { declareSource } from "./source.ts";

/** No hypothesis: the view looks at the input itself. */
export const none = declareSource({
  title: "no network",
  reference: "§4",
  options: {},
  atOnce: 0,
  make: () => ({
    position: (step) => ({ network: 0, within: step }),
    at: async () => ({ hypotheses: [{ params: {}, accuracy: 0 }], kept: {} }),
    after: async () => ({}),
    trainedImages: () => 0,
  }),
});
