import { isLabelName } from "../csv/labelColumn.ts";
import type { Declared } from "../csv/layout.ts";
import { type ArffTable, parseArff } from "../formats/arff.ts";
import { cellSourceOf, type TableSource } from "./tableSource.ts";

/** The text of an ARFF file as a source: its nominal attributes are categories, the last of them the label where none has a label's name. */
export function arffSourceOf(text: string, where: string): TableSource {
  const table = parseArff(text, where);
  const names = table.attributes.map(({ name }) => name);
  return cellSourceOf({ where, format: "ARFF", declared: declaredBy(table) }, [1, names], () =>
    table.rows.map(({ line, cells }) => [line, cells] as const),
  );
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
