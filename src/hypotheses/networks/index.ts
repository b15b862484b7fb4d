export { type AlexNetOptions, alexnet } from "./alexnet.ts";
export type { Architecture } from "./architecture.ts";
export { architectureNamed, architectureRegistry, architectures, buildNetwork } from "./buildNetwork.ts";
export { type ConvNetOptions, convnet } from "./convnet.ts";
export { lenet } from "./lenet.ts";
export { type MlpOptions, mlp } from "./mlp.ts";
export type { OptionRule, OptionRules } from "./options.ts";
export {
  checkNetworkServes,
  networkContent,
  networkIdentity,
  networkServes,
  networkText,
  parseNetwork,
  resolveNetwork,
} from "./parseNetwork.ts";
export { type ResNet18Options, resnet18 } from "./resnet18.ts";
export { type Vgg11Options, vgg11 } from "./vgg11.ts";
