/** A gate that lets through as many at a time as its capacity holds, in their order; what is larger goes alone. */
export class Gate {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly capacity: number) {
    this.free = capacity;
  }

  /** Runs `work` once there is room for its weight. */
  async through<T>(weight: number, work: () => Promise<T>): Promise<T> {
    const held = Math.min(weight, this.capacity);
    while (this.free < held) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.free -= held;
    try {
      return await work();
    } finally {
      this.free += held;
      for (const wake of this.waiting.splice(0)) wake();
    }
  }
}
