/** An option of `npm run plan` that no estimate can be made of; the message names it and says what to give instead. */
export class PlanOptionError extends Error {
  readonly code = 'PlanOptionInvalid';
  /** As it is written on the command line. */
  readonly option: string;
  readonly remedy: string;
  constructor(option: string, problem: string, remedy: string) {
    super(`${option}: ${problem} ${remedy}`);
    this.name = new.target.name;
    this.option = option;
    this.remedy = remedy;
  }
}
