/**
 * Charts as SVG in text: they need no document and fetch nothing, so Node writes them and a page shows them. Light, and dark
 * where the reader prefers it; read at 320 pixels; each says in words what it shows.
 */
export { type BarChart, type BarSeries, barChart } from "./barChart.ts";
export { type CriticalDifference, criticalDifference } from "./criticalDifference.ts";
export type { ChartOptions } from "./frame.ts";
export { type Better, type Preference, paretoFront } from "./front.ts";
export { type HeatMap, heatMap } from "./heatMap.ts";
export { type LineChart, lineChart, type Reference } from "./lineChart.ts";
export { chartStyle, fillOf, lineOf, mark, through, whisker } from "./palette.ts";
export type { Point, Series, Value } from "./points.ts";
export { type Axis, percent, type Scale, scaleOf, short, type Tick } from "./scale.ts";
export { type ScatterChart, scatterChart } from "./scatterChart.ts";
export { type Document, type Element, element, type Style, svg } from "./svg.ts";
export { shortened, textLines, textWidth } from "./text.ts";
