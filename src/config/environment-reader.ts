import type { EnvironmentProblem } from './environment.errors.js';
import { InvalidVariable, type VariableReader } from './variable-readers.js';

/** One pass over the environment, which collects what is wrong instead of stopping at the first problem. */
export class EnvironmentReader {
  readonly problems: EnvironmentProblem[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /**
   * The value under any of its spellings; the fallback when none is given or none can be read, the latter with a
   * problem noted. Spellings that disagree are a problem too; `1` and `true` agree.
   */
  read<Value>(names: readonly string[], parse: VariableReader<Value>, fallback: Value): Value {
    const variables = this.findSet(names);
    const [value = fallback, ...others] = variables.flatMap((variable) => this.readOne(variable, parse));
    if (others.some((other) => other !== value)) {
      this.problems.push({ variables, message: 'are two spellings of one setting and must not differ' });
    }
    return value;
  }

  /** Those that are there; an empty variable is not. */
  findSet(variables: readonly string[]): string[] {
    return variables.filter((variable) => this.env[variable] !== undefined && this.env[variable] !== '');
  }

  private readOne<Value>(variable: string, parse: VariableReader<Value>): Value[] {
    try {
      return [parse(this.env[variable]!)];
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      this.problems.push({ variables: [variable], message: error.message });
      return [];
    }
  }
}
