export { expertRecipe } from "./expertRecipe.ts";
export { drawSegment, type ExpertRequest, type Experts, type Segment, type SegmentRange } from "./experts.ts";
export type { TeacherRequest, Teachers, TrainedRequest } from "./teachers.ts";
export { type ExpertOptions, type ExpertProgress, trainExpert } from "./trainExpert.ts";
