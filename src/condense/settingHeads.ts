/** First words of the paths by which options of a method's parts are set: "hypotheses.every", "tricks.partition" … */
export const settingHeads = [
  "hypotheses",
  "synthetic",
  "network",
  "solver",
  "criterion",
  "labels",
  "seen",
  "view",
  "discrepancy",
  "update",
  "weights",
  "warmup",
  "tricks",
  "initialisation",
  "privacy",
] as const;
