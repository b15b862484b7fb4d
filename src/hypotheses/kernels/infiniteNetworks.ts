import type { InfiniteNetwork } from "./infiniteNetwork.ts";
import { nngp } from "./nngp.ts";
import { ntk } from "./ntk.ts";

/** The infinitely wide networks that a network may be named by. */
export const infiniteNetworks: readonly InfiniteNetwork[] = [ntk, nngp];

export const infiniteNetworkNamed = (name: string): InfiniteNetwork | undefined =>
  infiniteNetworks.find((n) => n.name === name);
