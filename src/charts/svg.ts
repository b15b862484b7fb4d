/** An SVG element as text, already escaped. */
export type Element = { readonly markup: string };

type Attributes = Readonly<Record<string, string | number>>;

const escaped = (text: string) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML admits none of them, escaped or not
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);
const number = (value: string | number) => (typeof value === "number" ? String(Math.round(value * 100) / 100) : value);

/** `<name a="b">children</name>`; texts are escaped, numbers are rounded to a hundredth of a pixel. */
export function element(name: string, attributes: Attributes, ...children: readonly (Element | string)[]): Element {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(number(value))}"`);
  const inner = children.map((child) => (typeof child === "string" ? escaped(child) : child.markup)).join("");
  return { markup: inner === "" ? `<${name}${list.join("")}/>` : `<${name}${list.join("")}>${inner}</${name}>` };
}

/** Declarations of CSS by selector: for everyone, and what changes where the reader prefers dark. */
export interface Style {
  readonly light: Readonly<Record<string, string>>;
  readonly dark: Readonly<Record<string, string>>;
}

/** Fonts of the reader's own system, light, and dark where preferred. */
const base: Style = {
  light: {
    text: 'font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1b1f24',
    ".muted": "font-size: 12px; fill: #57606a",
    ".small": "font-size: 11px; fill: #57606a",
    ".centre": "text-anchor: middle",
    ".end": "text-anchor: end",
    ".figure": "text-anchor: end; font-variant-numeric: tabular-nums",
    ".paper": "fill: #ffffff",
    ".rule": "stroke: #d8dee4",
  },
  dark: {
    text: "fill: #e6edf3",
    ".muted": "fill: #9aa6b2",
    ".small": "fill: #9aa6b2",
    ".paper": "fill: #0f141a",
    ".rule": "stroke: #2a323b",
  },
};

/** The class of every document's root: rules hold below it, so that a page that has the picture in it keeps its own. */
const root = "attar-svg";

const rules = (declarations: Readonly<Record<string, string>>) =>
  Object.entries(declarations)
    .map(([selector, body]) => `.${root} ${selector} { ${body}; }`)
    .join("\n");

/** The rules of some styles, later ones after earlier ones, the dark ones last. */
function sheet(styles: readonly Style[]): Element {
  const light = styles.map((style) => rules(style.light)).filter((text) => text !== "");
  const dark = styles.map((style) => rules(style.dark)).filter((text) => text !== "");
  const text = `\n${light.join("\n")}\n@media (prefers-color-scheme: dark) {\n${dark.join("\n")}\n}\n`;
  return { markup: `<style>${text}</style>` };
}

export interface Document {
  /** Units of the picture; a pixel each where it is shown at its own size. */
  readonly width: number;
  readonly height: number;
  /** The picture's name, for those who hear it and as a tooltip. */
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description?: string;
  /** Rules beside the base's: `text`, `.muted`, `.small`, `.centre`, `.end`, `.figure`, `.paper` and `.rule`. */
  readonly style?: Style;
}

/** A whole SVG as text: it fetches nothing, says what it is to a screen reader, and shrinks to the width that it is given. */
export function svg({ width, height, title, description, style }: Document, parts: readonly Element[]): string {
  const id = fingerprint(`${title}\n${description}`);
  const named = description === undefined ? `t${id}` : `t${id} d${id}`;
  const head = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${number(width)} ${number(height)}`,
    role: "img",
    "aria-labelledby": named,
    class: root,
    style: "max-width: 100%; height: auto",
  };
  const said = description === undefined ? [] : [element("desc", { id: `d${id}` }, description)];
  const paper = element("rect", { width, height, class: "paper" });
  const styled = sheet(style ? [base, style] : [base]);
  return `${element("svg", head, element("title", { id: `t${id}` }, title), ...said, styled, paper, ...parts).markup}\n`;
}

/** Eight hexadecimal digits of a text (FNV-1a, 32 bits), so that several pictures in a page have ids of their own. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
