export { type Classifier, classifierOf } from "./doctor/classifier.ts";
export type { Diagnosis, Finding } from "./doctor/doctor.ts";
export { type Space, spaces } from "./foreignSet.ts";
export { type Imported, type ImportOptions, importSets } from "./importSet.node.ts";
export { layoutNamed, layouts } from "./layouts/layouts.node.ts";
