/**
 * The rooms of src/ from the first layer to the last. A room imports from rooms of earlier layers and from itself; rooms of
 * one layer never import each other. Files directly in src/ are the package's entries: they import any room, and no room
 * imports them.
 */
export const layers: readonly (readonly string[])[] = [
  ["engine", "charts"],
  ["data", "hypotheses"],
  ["views", "discrepancies", "attacks", "privacy"],
  ["generators"],
  ["synthetic"],
  ["tricks", "recipes"],
  ["artefacts"],
  ["methods", "extend"],
  ["condense", "evaluate", "measure"],
  ["advise", "audit"],
  ["benchmark", "studio"],
  ["cli"],
];
