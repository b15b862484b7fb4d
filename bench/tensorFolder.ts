import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensor } from "../src/engine/index.ts";
import type { NamedTensors } from "./namedTensors.ts";

/** Names, types and shapes of the raw little-endian files in a folder. */
export type Listing = { readonly [name: string]: { readonly dtype: string; readonly shape: readonly number[] } };

/** A temporary folder of tensors, one raw file each. */
export class TensorFolder {
  readonly path = mkdtempSync(join(tmpdir(), "attar-bench-"));

  write(tensors: NamedTensors): Listing {
    for (const [name, { data }] of Object.entries(tensors))
      writeFileSync(join(this.path, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return Object.fromEntries(Object.entries(tensors).map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
  }

  /** Reads files of float32 or float64 numbers. */
  read(listing: Listing): NamedTensors {
    return Object.fromEntries(
      Object.entries(listing).map(([name, { dtype, shape }]) => {
        const bytes = Uint8Array.from(readFileSync(join(this.path, name))).buffer;
        return [name, tensor(dtype === "float64" ? new Float64Array(bytes) : new Float32Array(bytes), shape)];
      }),
    );
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
