import type { EnvironmentProblem } from './environment.errors.js';
import { namesSecretFile, spellingsOf, textOfFile } from './secret-variables.js';
import type { VariableReader } from './variable-readers.js';
import { InvalidVariable } from './environment.errors.js';

/** Reads environment variables and collects the problems instead of stopping at the first. */
export class EnvironmentReader {
  readonly problems: EnvironmentProblem[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /**
   * The value under any of its names, or `fallback` if it is unset or invalid. An invalid value is recorded as a
   * problem, and so are names with different values; `1` and `true` are equal. A secret is given as a value or as a
   * file, not as both.
   */
  read<Value>(names: readonly string[], parse: VariableReader<Value>, fallback: Value): Value {
    for (const name of names) this.reportBothSpellings(name);
    const variables = this.findSet(names);
    const [value = fallback, ...others] = variables.flatMap((variable) => this.readOne(variable, parse));
    const areSpellingsOfOne = names.some((name) => this.findSet([name]).length > 1);
    if (!areSpellingsOfOne && others.some((other) => other !== value)) {
      this.problems.push({ variables, message: 'are two spellings of one setting and must not differ' });
    }
    return value;
  }

  /** The variables that are set, for a secret also the one that names its file; an empty one counts as unset. */
  findSet(variables: readonly string[]): string[] {
    return variables
      .flatMap(spellingsOf)
      .filter((variable) => this.env[variable] !== undefined && this.env[variable] !== '');
  }

  private reportBothSpellings(name: string): void {
    const variables = this.findSet([name]);
    if (variables.length > 1) this.problems.push({ variables, message: 'exclude each other' });
  }

  private readOne<Value>(variable: string, parse: VariableReader<Value>): Value[] {
    try {
      const text = this.env[variable] ?? '';
      return [parse(namesSecretFile(variable) ? textOfFile(text) : text)];
    } catch (error) {
      if (!(error instanceof InvalidVariable)) throw error;
      this.problems.push({ variables: [variable], message: error.message });
      return [];
    }
  }
}
