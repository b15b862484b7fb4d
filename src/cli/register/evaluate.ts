import type { Command } from "commander";
import { withDatasetOptions } from "../datasetOptions.ts";
import type { EvaluateFlags } from "../evaluateCommand.ts";
import { wholeNumber } from "../wholeNumber.ts";
import { add, type Device, extend, type Plugins, pluginOption, prepare } from "./command.ts";

/** `attar evaluate`. */
export function registerEvaluate(program: Command): void {
  withDatasetOptions(
    add(
      program,
      "evaluate <subject>",
      "train fresh networks on a run, its .safetensors or exported .npz file, or a coreset (random, herding, kcenter, kmeans, mfc, full)",
      "attar evaluate runs/mnist --on mnist --repeats 5",
      "attar evaluate runs/mnist --on mnist --readings worst-class,calibration:bins=15",
      "attar evaluate runs/mnist --on mnist --attack apgd-ce:linf,0.05,0.1",
      "attar evaluate runs/mnist-dim-ipc10-seed0 --on mnist --protocol fresh",
    ),
  )
    .option("--on <dataset>", "dataset whose test split scores them")
    .option("--ipc <n>", "images per class of a coreset (default 10)", wholeNumber("--ipc", 1))
    .option("--nets <list>", "networks joined by commas, e.g. convnet:width=64,mlp (default convnet, for tables mlp)")
    .option(
      "--readings <list>",
      "beside accuracy: worst-class, calibration (or calibration:bins=10), adaptive-calibration, temperature, loss, corruption, certified, training-multiply-adds (default accuracy; of numbers r2 and rmse)",
    )
    .option(
      "--attack <attack>",
      "accuracy under an attack, norm and radius: pgd:linf,8/255; fgsm, bim, pgd, apgd-ce, apgd-dlr, apgd-t, cw, deepfool, fab-t, square, autoattack, joined by + for the worst of several; again for more",
      (attack: string, before: string[] = []) => [...before, attack],
    )
    .option(
      "--adversarial <attack>",
      "train adversarially: norm, radius and steps, e.g. linf,8/255,steps=3; gaussian,0.25 for noise",
    )
    .option(
      "--protocol <name>",
      "what networks train on: bank, the set's images; fresh, new codes of its generator every epoch; styles, a hallucinator drawn for each base (styles:standardised=true as the authors); teacher, labels of a network trained on the dataset (default bank)",
    )
    .option("--attack-plot <file>", "an SVG of accuracy against the radius, of attacks in one norm")
    .option("--attack-images <n>", "test images that are attacked (default 500)", wholeNumber("--attack-images", 1))
    .option("--repeats <n>", "networks per architecture (default 5)", wholeNumber("--repeats", 1))
    .option("--epochs <n>", "epochs (default 1000 augmented, 300 otherwise)", wholeNumber("--epochs", 1))
    .option(
      "--augmentation <strategy>",
      "operators joined by _, a scheme of them, or none (default what the set was made for)",
    )
    .option("--seed <n>", "root of all randomness (default 0)", wholeNumber("--seed"))
    .option("--baselines <list>", "coresets beside it, full, or none (default random,herding)")
    .option(
      "--any-contrast",
      "score on pictures far darker, brighter, paler or starker than those the set was made from, too",
    )
    .option(
      "--continual <tasks>",
      "classes come in tasks, so many each (2) or as listed (5+6,1+2), and the set is the memory",
    )
    .option("--search", "rank 24 ConvNets, or --nets, trained on it against the same trained on the full data")
    .option("--full-epochs <n>", "epochs on the full data (default --epochs, or 20)", wholeNumber("--full-epochs", 1))
    .option("--resume", "do not train again what was scored before an interruption")
    .option(...pluginOption)
    .option("--device <name>", "auto, cpu, webgpu or cuda (default auto, the CPU)")
    .option("--threads <n>", "CPU threads (default all)", wholeNumber("--threads", 1, 256, 1))
    .action(async (subject: string, flags: EvaluateFlags & Device & Plugins) => {
      await prepare(flags);
      await extend(flags);
      await (await import("../evaluateCommand.ts")).evaluateCommand(subject, flags);
    });
}
