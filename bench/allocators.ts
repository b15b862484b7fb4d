import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** An allocator of memory that the peer's process can be started with. */
export interface Allocator {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Large blocks stay with the process when they are freed; otherwise every activation is faulted in anew. */
const kept = { MALLOC_MMAP_THRESHOLD_: "4294967296", MALLOC_TRIM_THRESHOLD_: "17179869184" };

/** The allocators that this machine has, the one as it comes first. */
export function allocators(platform: NodeJS.Platform = process.platform, found = preloadable()): readonly Allocator[] {
  if (platform !== "linux") return [{ name: "the system's", environment: {} }];
  return [
    { name: "glibc", environment: {} },
    { name: "glibc that keeps memory", environment: kept },
    {
      name: "glibc that keeps memory, huge pages",
      environment: {
        GLIBC_TUNABLES: `glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=${kept.MALLOC_MMAP_THRESHOLD_}:glibc.malloc.trim_threshold=${kept.MALLOC_TRIM_THRESHOLD_}`,
      },
    },
    ...found,
  ];
}

/** The jemalloc and tcmalloc of the system's libraries, set up as PyTorch's tuning guide has them. */
function preloadable(): Allocator[] {
  const listed = spawnSync("ldconfig", ["-p"], { encoding: "utf8" }).stdout ?? "";
  const library = (pattern: RegExp) => {
    const path = pattern.exec(listed)?.[1];
    return path && existsSync(path) ? path : undefined;
  };
  const jemalloc = library(/libjemalloc\.so\S* .*=> (\S+)/);
  const tcmalloc = library(/libtcmalloc(?:_minimal)?\.so\S* .*=> (\S+)/);
  const decay = "dirty_decay_ms:9000000000,muzzy_decay_ms:9000000000";
  return [
    ...(jemalloc
      ? [
          {
            name: "jemalloc",
            environment: {
              LD_PRELOAD: jemalloc,
              MALLOC_CONF: `oversize_threshold:1,background_thread:true,metadata_thp:auto,${decay}`,
            },
          },
        ]
      : []),
    ...(tcmalloc ? [{ name: "tcmalloc", environment: { LD_PRELOAD: tcmalloc } }] : []),
  ];
}
