/** Work that runs once at a time: who asks for it while it runs gets the run that is under way. */
export class SingleFlight<Result> {
  #underWay: Promise<Result> | undefined;

  /** The run that is under way, or else the one that begins now. */
  join(begin: () => Promise<Result>): Promise<Result> {
    this.#underWay ??= begin().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Resolves when nothing is under way; a failure is told to those who joined. */
  async settled(): Promise<void> {
    await this.#underWay?.then(
      () => undefined,
      () => undefined,
    );
  }
}
