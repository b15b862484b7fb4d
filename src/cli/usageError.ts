import type { Command, CommanderError } from "commander";
import { AttarError, nearest } from "../engine/errors.ts";

/** A mistyped command line as one sentence, with what to type instead. */
export function usageError(error: CommanderError, program: Command, words: readonly string[]): AttarError {
  const message = error.message.replace(/^error: /, "").split("\n")[0]!;
  const { command, path } = commandOf(program, words);
  const wrong = /unknown (command|option) '([^']+)'/.exec(message);
  const known =
    wrong?.[1] === "command" ? command.commands.map((c) => c.name()) : command.options.map((o) => o.long ?? "");
  const guess = wrong && nearest(wrong[2]!, known);
  if (!guess) return new AttarError("usage", message, `see ${path} --help`);
  return new AttarError("usage", message, `did you mean ${wrong[1] === "command" ? `${path} ` : ""}${guess}?`);
}

/** The command that the leading words name, and those words. */
function commandOf(program: Command, words: readonly string[]): { command: Command; path: string } {
  let command = program;
  let path = program.name();
  for (const word of words) {
    const next = command.commands.find((c) => c.name() === word);
    if (!next) break;
    command = next;
    path += ` ${word}`;
  }
  return { command, path };
}
