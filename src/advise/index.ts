export { type Advice, adviceFrom, type Trial, type TrialScore } from "./advice.ts";
export { advise } from "./advise.ts";
export { adviceChart } from "./chart.ts";
export type { AdviseOptions } from "./options.ts";
