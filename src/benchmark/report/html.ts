/** HTML that is escaped already. */
export interface Html {
  readonly html: string;
}

export type Child = Html | string | undefined;

/** Escapes a text for HTML, between tags and in attributes in double quotes. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

/** `<name a="b">children</name>`; texts are escaped, what is undefined is left out. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly Child[]
): Html {
  const list = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? "" : ` ${key}="${escaped(String(value))}"`,
  );
  const open = `<${name}${list.join("")}>`;
  return { html: empty.has(name) ? open : `${open}${joined(children)}</${name}>` };
}

/** Elements that hold nothing and have no end. */
const empty: ReadonlySet<string> = new Set(["img", "meta", "link", "br", "input"]);

/** Pieces one after the other. */
export const joined = (children: readonly Child[]): string =>
  children
    .map((child) => (child === undefined ? "" : typeof child === "string" ? escaped(child) : child.html))
    .join("");

/** Markup that is trusted to be whole: a chart, a script of our own. */
export const markup = (html: string): Html => ({ html });
