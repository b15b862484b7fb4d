/** An SVG element as text, already escaped. */
export type Element = { readonly markup: string };

type Attributes = Readonly<Record<string, string | number>>;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
const number = (value: string | number) => (typeof value === "number" ? String(Math.round(value * 100) / 100) : value);

/** `<name a="b">children</name>`; texts are escaped, numbers are rounded to a hundredth of a pixel. */
export function element(name: string, attributes: Attributes, ...children: readonly (Element | string)[]): Element {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(number(value))}"`);
  const inner = children.map((child) => (typeof child === "string" ? escaped(child) : child.markup)).join("");
  return { markup: inner === "" ? `<${name}${list.join("")}/>` : `<${name}${list.join("")}>${inner}</${name}>` };
}

/** Fonts of the reader's own system; orange against blue, which the colour-blind tell apart; light, and dark where preferred. */
const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1b1f24; }
.title { font-size: 20px; font-weight: 600; }
.group { font-size: 12px; font-weight: 600; fill: #57606a; letter-spacing: .04em; }
.name { font-weight: 500; }
.muted { font-size: 12px; fill: #57606a; }
.small { font-size: 11px; fill: #57606a; }
.centre { text-anchor: middle; }
.figure { text-anchor: end; font-variant-numeric: tabular-nums; }
.paper { fill: #ffffff; }
.rule { stroke: #d8dee4; }
.lane { stroke: #c3cad1; }
.band { fill: #cfe8d8; }
.noise { stroke: #2f5fd0; stroke-width: 2; stroke-linecap: round; }
.error { stroke: #d9480f; stroke-width: 3; stroke-linecap: round; opacity: .45; }
.dot { fill: #d9480f; stroke: #ffffff; stroke-width: 1.5; }
.near { fill: #1a7f4b; }
.near-error { stroke: #1a7f4b; }
.cell { fill: #d9480f; }
.pixels { image-rendering: pixelated; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.group, .muted, .small { fill: #9aa6b2; }
.paper { fill: #0f141a; }
.rule { stroke: #2a323b; }
.lane { stroke: #414b56; }
.band { fill: #1d4a35; }
.noise { stroke: #7aa2ff; }
.error { stroke: #ff9a5c; }
.dot { fill: #ff8a4c; stroke: #0f141a; }
.near { fill: #4cc38a; }
.near-error { stroke: #4cc38a; }
.cell { fill: #ff8a4c; }
}`;

/** The document. */
export function svg(width: number, height: number, title: string, parts: readonly Element[]): string {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const paper = element("rect", { width, height, class: "paper" });
  const styled = { markup: `<style>${style}\n</style>` };
  const head = { xmlns: "http://www.w3.org/2000/svg", ...size, role: "img" };
  return `${element("svg", head, element("title", {}, title), styled, paper, ...parts).markup}\n`;
}
