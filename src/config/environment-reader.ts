import type { EnvironmentProblem } from './environment.errors.js';
import type { VariableReader } from './variable-readers.js';
import { InvalidVariable } from './environment.errors.js';

/** Reads environment variables and collects the problems instead of stopping at the first. */
export class EnvironmentReader {
  readonly problems: EnvironmentProblem[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /**
   * The value under any of its names, or `fallback` if it is unset or invalid. An invalid value is recorded as a
   * problem, and so are names with different values; `1` and `true` are equal.
   */
  read<Value>(names: readonly string[], parse: VariableReader<Value>, fallback: Value): Value {
    const variables = this.findSet(names);
    const [value = fallback, ...others] = variables.flatMap((variable) => this.readOne(variable, parse));
    if (others.some((other) => other !== value)) {
      this.problems.push({ variables, message: 'are two spellings of one setting and must not differ' });
    }
    return value;
  }

  /** The variables that are set; an empty one counts as unset. */
  findSet(variables: readonly string[]): string[] {
    return variables.filter((variable) => this.env[variable] !== undefined && this.env[variable] !== '');
  }

  private readOne<Value>(variable: string, parse: VariableReader<Value>): Value[] {
    try {
      return [parse(this.env[variable] ?? '')];
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      this.problems.push({ variables: [variable], message: error.message });
      return [];
    }
  }
}
