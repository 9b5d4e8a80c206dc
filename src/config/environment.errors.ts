export interface EnvironmentProblem {
  /** The variable under the name that the operator used; several if they contradict each other. */
  readonly variables: readonly string[];
  /** What to correct, without the value, which may be a secret. */
  readonly message: string;
}

/** The environment is invalid; `problems` lists every problem, so that one restart suffices. */
export class InvalidEnvironment extends Error {
  constructor(readonly problems: readonly EnvironmentProblem[]) {
    const lines = problems.map(({ variables, message }) => `  ${variables.join(' and ')}: ${message}`);
    super(`The environment has ${problems.length} problem(s):\n${lines.join('\n')}`);
    this.name = 'InvalidEnvironment';
  }
}

/** The text is not a valid value; the message completes "PORT: …" and never repeats the text. */
export class InvalidVariable extends Error {}
