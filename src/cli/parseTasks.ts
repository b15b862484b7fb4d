import { AttarError } from "../engine/errors.ts";
import { tasksOf } from "../evaluate/index.ts";

/**
 * Reads `--continual`: so many classes a task, or tasks joined by commas, their classes by plus signs, as `5+6,1+2,0+8`.
 *
 * @param classes the number of the dataset's classes
 * @throws AttarError "bad-option"
 */
export function parseTasks(text: string, classes: number): number[][] {
  const tasks = text
    .split(",")
    .map((task) => task.split("+").map((c) => (/^\s*\d+\s*$/.test(c) ? Number(c) : Number.NaN)));
  if (tasks.flat().some((c) => Number.isNaN(c)) || (tasks.flat().length === 1 && tasks[0]![0]! < 2))
    throw new AttarError(
      "bad-option",
      `--continual takes a number of classes a task from 2 on, or tasks, got "${text}"`,
      "for example --continual 2, or --continual 5+6,1+2,0+8",
    );
  return tasks.flat().length === 1 ? tasksOf(classes, tasks[0]![0]!) : tasks;
}
