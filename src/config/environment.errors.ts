export interface EnvironmentProblem {
  /** The variable as the operator spelled it; two of them, when they disagree. */
  readonly variables: readonly string[];
  /** What to mend, without the value: it may be a secret. */
  readonly message: string;
}

/** The environment cannot be used; `problems` are all there are, so that one restart is enough to mend them. */
export class InvalidEnvironment extends Error {
  constructor(readonly problems: readonly EnvironmentProblem[]) {
    const lines = problems.map(({ variables, message }) => `  ${variables.join(' and ')}: ${message}`);
    super(`The environment has ${problems.length} problem(s):\n${lines.join('\n')}`);
    this.name = 'InvalidEnvironment';
  }
}
