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

  /** Reads float32 files. */
  read(shapes: { readonly [name: string]: readonly number[] }): NamedTensors {
    return Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const bytes = readFileSync(join(this.path, name));
        return [name, tensor(new Float32Array(Uint8Array.from(bytes).buffer), shape)];
      }),
    );
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
