/**
 * The page's only script: tables are sorted by a click on a column's head, origins are filtered by a word, and a link to an origin
 * opens it. The page says the same without it.
 */
export const script = `
"use strict";
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  const value = (row, i) => {
    const cell = row.cells[i];
    const text = cell.dataset.value ?? cell.textContent.trim();
    const number = Number.parseFloat(text);
    return Number.isNaN(number) ? text : number;
  };
  [...table.tHead.rows[0].cells].forEach((head, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    if (button.textContent === "") button.textContent = "name";
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "descending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "ascending" : "descending");
      const sign = down ? 1 : -1;
      const order = (a, b) => typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -sign : sign;
      body.append(...[...body.rows].sort((a, b) => sign * order(value(a, i), value(b, i))));
    });
  });
}
const origins = document.getElementById("origins");
if (origins) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "search";
  label.append("Only cells with ", input);
  origins.querySelector("h2").after(label);
  input.addEventListener("input", () => {
    for (const one of origins.querySelectorAll("details")) one.hidden = !one.id.includes(input.value.replace(/[^\\w.-]/g, "_"));
  });
}
const open = () => {
  const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (one instanceof HTMLDetailsElement) { one.open = true; one.scrollIntoView(); }
};
addEventListener("hashchange", open);
open();
`;
