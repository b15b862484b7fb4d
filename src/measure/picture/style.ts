import type { Style } from "../../charts/index.ts";

/** Orange against blue, which the colour-blind tell apart; green where a distance is that of another sample. */
export const pictureStyle: Style = {
  light: {
    ".title": "font-size: 20px; font-weight: 600",
    ".group": "font-size: 12px; font-weight: 600; fill: #57606a; letter-spacing: .04em",
    ".name": "font-weight: 500",
    ".lane": "stroke: #c3cad1",
    ".band": "fill: #cfe8d8",
    ".noise": "stroke: #2f5fd0; stroke-width: 2; stroke-linecap: round",
    ".error": "stroke: #d9480f; stroke-width: 3; stroke-linecap: round; opacity: .45",
    ".dot": "fill: #d9480f; stroke: #ffffff; stroke-width: 1.5",
    ".near": "fill: #1a7f4b",
    ".near-error": "stroke: #1a7f4b",
    ".cell": "fill: #d9480f",
    ".pixels": "image-rendering: pixelated",
  },
  dark: {
    ".group": "fill: #9aa6b2",
    ".lane": "stroke: #414b56",
    ".band": "fill: #1d4a35",
    ".noise": "stroke: #7aa2ff",
    ".error": "stroke: #ff9a5c",
    ".dot": "fill: #ff8a4c; stroke: #0f141a",
    ".near": "fill: #4cc38a",
    ".near-error": "stroke: #4cc38a",
    ".cell": "fill: #ff8a4c",
  },
};
