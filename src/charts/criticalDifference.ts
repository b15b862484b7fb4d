import { type ChartOptions, chart, heading, margin, usualWidth } from "./frame.ts";
import { scaleOf } from "./scale.ts";
import { type Element, element as el } from "./svg.ts";
import { shortened, textWidth } from "./text.ts";

export interface CriticalDifference extends ChartOptions {
  /** Mean ranks by name, 1 the best. */
  readonly ranks: readonly { readonly name: string; readonly rank: number }[];
  /** The difference of mean ranks from which two differ (Nemenyi); none where ranks are not tested. */
  readonly difference?: number;
  /** Groups that the test does not part, by position in `ranks`. */
  readonly groups?: readonly (readonly number[])[];
}

const line = 18;

/**
 * The critical-difference diagram of Demšar 2006, an SVG as text: methods along an axis of mean ranks, the best at the left, bars
 * over those that the test does not part.
 */
export function criticalDifference(options: CriticalDifference): string {
  const { width = usualWidth, ranks, difference, groups = [] } = options;
  const head = heading(options);
  const left = margin + 6;
  const right = width - margin - 6;
  const most = Math.max(2, ranks.length);
  const scale = scaleOf({ title: "mean rank", from: 1, to: most }, [1, most], [left, right], Math.min(most, 8));
  const parts: Element[] = [
    el("text", { x: margin, y: head.y + 10, class: "muted" }, "mean rank, the best at the left"),
  ];
  let y = head.y + 22;
  if (difference !== undefined && Number.isFinite(difference)) {
    const end = Math.min(right, scale.at(1 + difference));
    parts.push(
      el("line", { x1: scale.at(1), x2: end, y1: y + 4, y2: y + 4, class: "reference" }),
      el(
        "text",
        { x: Math.min(end + 6, right - 120), y: y + 8, class: "small" },
        `critical difference ${difference.toFixed(2)}`,
      ),
    );
    y += 20;
  }
  const axis = y + 14;
  for (const { at, text } of scale.ticks)
    parts.push(
      el("line", { x1: at, x2: at, y1: axis - 4, y2: axis, class: "axis" }),
      el("text", { x: at, y: axis - 7, class: "small centre" }, text),
    );
  parts.push(el("line", { x1: left, x2: right, y1: axis, y2: axis, class: "axis" }));
  y = axis + 4;
  for (const group of groups) {
    const own = group.map((k) => ranks[k]!.rank);
    y += 8;
    const ends = { x1: scale.at(Math.min(...own)) - 3, x2: scale.at(Math.max(...own)) + 3 };
    const said = el("title", {}, `not parted: ${group.map((k) => ranks[k]!.name).join(", ")}`);
    parts.push(el("line", { ...ends, y1: y, y2: y, class: "curve line1", "stroke-width": 4 }, said));
  }
  y += 6;
  const order = [...ranks].sort((a, b) => a.rank - b.rank);
  for (const { name, rank } of order) {
    y += line;
    const at = scale.at(rank);
    const text = `${shortened(name, (right - left) / 2 - 40, 12)} ${rank.toFixed(2)}`;
    const wide = textWidth(text, 12);
    const end = at + 8 + wide > right;
    parts.push(
      el("line", { x1: at, x2: at, y1: axis, y2: y - 4, class: "rule" }),
      el("circle", { cx: at, cy: y - 4, r: 2.5, class: "fill1" }),
      el("text", { x: end ? at - 8 : at + 8, y, class: end ? "muted end" : "muted" }, text),
    );
  }
  const words = order.map(({ name, rank }) => `${name} ${rank.toFixed(2)}`).join(", ");
  const alike = groups.map((group) => group.map((k) => ranks[k]!.name).join(", "));
  const description = `Mean ranks: ${words}.${alike.length > 0 ? ` Not parted: ${alike.join("; ")}.` : ""}`;
  return chart(options, description, head, { parts, y }, []);
}
