import { expect, test } from "vitest";
import { networkText } from "../hypotheses/index.ts";
import { parseNetworks } from "./parseNetworks.ts";

test.each([
  ["convnet", ["convnet"]],
  ["convnet,mlp", ["convnet", "mlp"]],
  ["convnet:depth=2,width=16", ["convnet:depth=2,width=16"]],
  ["mlp,convnet:depth=2,width=16,lenet", ["mlp", "convnet:depth=2,width=16", "lenet"]],
  ["convnet:width=16;convnet:width=32, mlp", ["convnet:width=16", "convnet:width=32", "mlp"]],
])("%s", (list, networks) => {
  expect(parseNetworks(list).map(networkText)).toEqual(networks);
});

test.each(["", ",", "depth=2", "convnet,depth", "convnt"])('"%s" is refused', (list) => {
  expect(() => parseNetworks(list)).toThrow(/network/);
});
