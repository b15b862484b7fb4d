import type { parquetWriteBuffer } from "hyparquet-writer";

type Written = Parameters<typeof parquetWriteBuffer>[0];

/** A column as the writer of Parquet takes it: its data, and its elements of the schema. */
export interface WrittenColumn {
  readonly data: Written["columnData"][number];
  readonly schema: NonNullable<Written["schema"]>;
}

/** Rows of `width` numbers each, one after the other, as a column of lists of float32. */
export function listColumn(name: string, values: Float32Array, width: number): WrittenColumn {
  const rows = Array.from({ length: values.length / width }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width)),
  );
  return {
    data: { name, data: rows },
    schema: [
      { name, converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
    ],
  };
}
