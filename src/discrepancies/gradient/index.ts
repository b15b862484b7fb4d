export { convolutionL1, convolutionSquared } from "./convolutionDifference.ts";
export { globalCosine } from "./globalCosine.ts";
export { layerwiseCosine } from "./layerwiseCosine.ts";
export { meanGradient } from "./meanGradient.ts";
export { gradientDiscrepancies } from "./records.ts";
