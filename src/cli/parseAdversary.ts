import { parseTrainingAttack, type TrainingAttack } from "../hypotheses/index.ts";

/**
 * Reads `--adversarial`: norm and radius, then options, `linf,0.1,steps=3,step=0.5`.
 *
 * @throws AttarError "bad-option", "unknown-option", "invalid-option"
 */
export const parseAdversary = (written: string): TrainingAttack => parseTrainingAttack(written, "--adversarial ");
