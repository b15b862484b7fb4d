import { heatMap } from "../../../charts/index.ts";
import type { Html } from "../html.ts";
import type { Report } from "../report.ts";
import { axisText, metricText, placeText } from "../words.ts";
import { charts, section } from "./section.ts";

/** The main metric on every network, a heat map a dataset and size: how far sets serve networks that they were not made for. */
export function architectures(report: Report): Html | undefined {
  const { main, networks, subjects, blocks } = report;
  if (!main || networks.length < 2) return undefined;
  const drawn = blocks.flatMap((block) => {
    const rows = subjects.filter((subject) =>
      networks.some((net) => report.find(subject, block, main.metric, net)?.mean !== undefined),
    );
    if (rows.length === 0) return [];
    const values = rows.map((subject) => networks.map((net) => report.find(subject, block, main.metric, net)?.mean));
    const title = placeText(block.dataset, block.ipc);
    return [
      heatMap({ title, subtitle: metricText(main), rows, columns: networks, values, format: axisText(main.unit) }),
    ];
  });
  return drawn.length > 0 ? section("architectures", "On other networks", charts(...drawn)) : undefined;
}
