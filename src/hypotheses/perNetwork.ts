import { currentRuntime, type Runtime } from "../engine/index.ts";
import type { Network } from "./network.ts";

/** Something that holds compiled programs. */
interface Owning {
  dispose(): void;
}

/** One for each store of programs: frees what the store made for a network. */
const releases: ((network: Network) => void)[] = [];

const homes = new WeakMap<Network, Runtime>();

/** A network that has just been built; it computes in the runtime that is current now. */
export function inCurrentRuntime(network: Network): Network {
  homes.set(network, currentRuntime());
  return network;
}

/**
 * A store of compiled functions that belong to a network object: each is made when its key is first asked for, in the runtime that
 * the network was built in, shared by all who ask for it again, and freed by {@link releaseNetwork}.
 */
export function perNetwork<T extends Owning>(): (network: Network, key: string, make: () => T) => T {
  const stored = new WeakMap<Network, Map<string, T>>();
  releases.push((network) => {
    for (const made of stored.get(network)?.values() ?? []) made.dispose();
    stored.delete(network);
  });
  return (network, key, make) => {
    const ofNetwork = stored.get(network) ?? new Map<string, T>();
    stored.set(network, ofNetwork);
    const made = ofNetwork.get(key) ?? (homes.get(network) ?? currentRuntime()).enter(make);
    ofNetwork.set(key, made);
    return made;
  };
}

/** Frees the programs of all stores that belong to a network: who builds a network calls it when the network has served. */
export function releaseNetwork(network: Network): void {
  for (const release of releases) release(network);
}
