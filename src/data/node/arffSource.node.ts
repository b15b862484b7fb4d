import { isLabelName } from "../csv/labelColumn.ts";
import type { Declared } from "../csv/layout.ts";
import { type ArffTable, parseArff } from "../formats/arff.ts";
import { CellRecord } from "../table/cellRecord.ts";
import { readBytes } from "./readBytes.node.ts";
import type { TableSource } from "./tableSource.node.ts";

/** An ARFF file as a source: its nominal attributes are categories, the last of them the label where none has a label's name. */
export async function arffSource(path: string): Promise<TableSource> {
  const table = parseArff(new TextDecoder().decode(await readBytes(path)), path);
  const { attributes, rows } = table;
  return {
    where: path,
    format: "ARFF",
    header: true,
    declared: declaredBy(table),
    async read(onRecord) {
      onRecord(
        new CellRecord(
          1,
          attributes.map(({ name }) => name),
        ),
      );
      for (const { line, cells } of rows) onRecord(new CellRecord(line, cells));
      return ",";
    },
  };
}

function declaredBy({ attributes }: ArffTable): Declared {
  const nominal = attributes.flatMap(({ levels }, at) => (levels ? [at] : []));
  const named = attributes.some(({ name }) => isLabelName(name));
  const last = nominal.at(-1);
  return {
    categories: nominal,
    ...(!named && last !== undefined && { label: { at: last, why: "the last nominal attribute" } }),
  };
}
