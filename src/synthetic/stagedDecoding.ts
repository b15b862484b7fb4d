import type { Array as Traced } from "@jax-js/jax";
import { compile, multiplyAdds, Tensor, withPullback } from "../engine/index.ts";
import type { StagedDecode, TracedVariables, Variables, VariableTraits } from "./space.ts";

/** Images that are decoded together at most, by whole classes. */
const together = 100;

type Numbers = { [name: string]: Traced };

/**
 * Decoding by stages, some classes at a time: the images, and the gradient in the variables for one in them. Decoding is sample by sample, so
 * that both are those of the whole in one graph; kept meanwhile is the state before every step. Variables are those of G classes, [G, share, …]
 * where they are per class.
 */
export class StagedDecoding {
  private readonly begin;
  private readonly step;
  private readonly end;
  private readonly beginBack;
  private readonly stepBack;
  private readonly endBack;

  constructor(
    private readonly staged: StagedDecode,
    private readonly traits: Readonly<Record<string, VariableTraits>>,
  ) {
    const ended = (variables: TracedVariables, state: Traced, groups: number) => staged.end(variables, state, groups);
    this.begin = compile(staged.begin, { name: "begin of the decoding of S" });
    this.step = compile(staged.step, { name: "step of the decoding of S" });
    this.end = compile(
      (v: TracedVariables, { state, groups }: { state: Traced; groups: Traced }) => {
        const count = groups.shape[0]!;
        groups.dispose();
        return ended(v, state, count);
      },
      { name: "end of the decoding of S" },
    );
    this.beginBack = compile(
      (v: TracedVariables, bar: Traced) => this.back(v, undefined, (own) => staged.begin(own), bar),
      { name: "transposed begin of the decoding of S" },
    );
    this.stepBack = compile(
      (v: TracedVariables, { state, numbers, bar }: { state: Traced; numbers: Numbers; bar: Traced }) =>
        this.back(
          v,
          state,
          (own, at) =>
            staged.step(own, at!, Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, n.ref]))),
          bar,
        ),
      { name: "transposed step of the decoding of S" },
    );
    this.endBack = compile(
      (v: TracedVariables, { state, bar }: { state: Traced; bar: Traced }) => {
        const groups = bar.shape[0]!;
        return this.back(v, state, (own, at) => ended(own, at!, groups), bar);
      },
      { name: "transposed end of the decoding of S" },
    );
  }

  /** [G, imagesPerClass, C, H, W]. */
  async images(variables: Variables): Promise<Tensor> {
    const parts: Tensor[] = [];
    for (const own of this.chunks(variables)) {
      const states = await this.states(own);
      parts.push(await this.ended(own, states.at(-1)!));
    }
    return Tensor.concat(parts);
  }

  /** The gradient in the variables that move, for a gradient in the images. */
  async pullback(variables: Variables, bar: Tensor): Promise<Variables> {
    const found: Record<string, Tensor[]> = {};
    let from = 0;
    for (const own of this.chunks(variables)) {
      const states = await this.states(own);
      const groups = this.groupsOf(own);
      const sums: Record<string, Tensor> = {};
      const add = ({ state, ...rest }: Variables): Tensor | undefined => {
        for (const [name, t] of Object.entries(rest)) sums[name] = sums[name]?.plus(t) ?? t;
        return state;
      };
      const { reads, steps } = this.staged;
      const ofImages = bar.rows(from, from + groups);
      let ofState = add(await this.endBack(pick(own, reads.end), { state: states.at(-1)!, bar: ofImages }))!;
      for (let k = steps.length - 1; k >= 0; k--)
        ofState = add(
          await this.stepBack(pick(own, reads.step), { state: states[k]!, numbers: steps[k]!, bar: ofState }),
        )!;
      if (this.movingOf(own, reads.begin).length > 0) add(await this.beginBack(pick(own, reads.begin), ofState));
      for (const name of this.movingOf(own, Object.keys(own))) {
        const t = sums[name] ?? own[name]!.map(() => 0);
        found[name] = [...(found[name] ?? []), t];
      }
      from += groups;
    }
    return Object.fromEntries(
      Object.entries(found).map(([name, each]) => [
        name,
        this.traits[name]!.perClass ? Tensor.concat(each) : each.reduce((sum, t) => sum.plus(t)),
      ]),
    );
  }

  /** Multiply-adds of the images and of the way back, with the second way there: each step four times. */
  async work(variables: Variables): Promise<number> {
    const { staged } = this;
    const { reads, steps } = staged;
    const state = await this.begin(pick(variables, reads.begin));
    const step = await multiplyAdds(staged.step, [pick(variables, reads.step), state, steps[0]!]);
    const groups = this.groupsOf(variables);
    const end = (v: TracedVariables, at: Traced) => staged.end(v, at, groups);
    return 4 * (steps.length * step + (await multiplyAdds(end, [pick(variables, reads.end), state])));
  }

  dispose(): void {
    for (const own of [this.begin, this.step, this.end, this.beginBack, this.stepBack, this.endBack]) own.dispose();
  }

  /** The state before every step, and after the last one. */
  private async states(variables: Variables): Promise<Tensor[]> {
    const { reads, steps } = this.staged;
    const states = [await this.begin(pick(variables, reads.begin))];
    for (const numbers of steps) states.push(await this.step(pick(variables, reads.step), states.at(-1)!, numbers));
    return states;
  }

  private ended(variables: Variables, state: Tensor): Promise<Tensor> {
    const groups = new Tensor(new Float32Array(this.groupsOf(variables)), [this.groupsOf(variables)], "float32");
    return this.end(pick(variables, this.staged.reads.end), { state, groups });
  }

  /** The gradient of a stage in the variables that move, and in `state` where it has one. */
  private back(
    variables: TracedVariables,
    state: Traced | undefined,
    stage: (variables: TracedVariables, state: Traced | undefined) => Traced,
    bar: Traced,
  ): TracedVariables {
    const moving = this.movingOf(variables, Object.keys(variables));
    const still = Object.entries(variables).filter(([name]) => !moving.includes(name));
    const [value, back] = withPullback(
      ({ state: at, ...own }: TracedVariables) =>
        stage({ ...Object.fromEntries(still.map(([name, t]) => [name, t.ref])), ...own }, at),
      { ...Object.fromEntries(moving.map((name) => [name, variables[name]!])), ...(state && { state }) },
    );
    value.dispose();
    return back(bar);
  }

  private movingOf(variables: object, names: readonly string[]): string[] {
    return names.filter((name) => name in variables && this.traits[name]?.frozen !== true);
  }

  private groupsOf(variables: Variables): number {
    return variables[this.perClass(variables)]!.shape[0]!;
  }

  private perClass(variables: object): string {
    return Object.keys(this.traits).find((name) => this.traits[name]!.perClass && name in variables)!;
  }

  /** The variables of some classes at a time: of as many as divide their number. */
  private *chunks(variables: Variables): Generator<Variables> {
    const [groups, each] = variables[this.perClass(variables)]!.shape as [number, number];
    let size = groups;
    while (size > 1 && (size * each > together || groups % size !== 0)) size--;
    if (size === groups) return yield variables;
    for (let from = 0; from < groups; from += size)
      yield Object.fromEntries(
        Object.entries(variables).map(([name, t]) => [
          name,
          this.traits[name]?.perClass ? t.rows(from, from + size) : t,
        ]),
      );
  }
}

const pick = (variables: Variables, names: readonly string[]): Variables =>
  Object.fromEntries(names.map((name) => [name, variables[name]!]));
