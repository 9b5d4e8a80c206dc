import type { Parser } from './parsers.js';

/** One setting: the variables that set it, and what their text means. Its comment in the table describes it. */
export class Setting<Value = unknown> {
  constructor(
    /** With the same meaning; the recommended one first, then those of the LangSmith chart. */
    readonly names: readonly string[],
    readonly parse: Parser<Value>,
    /** As text of the variable; null: if no variable is set, the value is null. */
    readonly defaultText: string | null,
    /** Whether the value may be in a file instead, which `NAME_FILE` names (docs/contract/installation.md#secrets). */
    readonly isSecret: boolean,
  ) {}

  /** All that set it, for a secret also those that name its file. */
  get variables(): string[] {
    return this.names.flatMap((name) => (this.isSecret ? [name, `${name}_FILE`] : [name]));
  }
}

type Names = string | readonly string[];

export function setting<Value>(names: Names, parse: Parser<Value>, defaultText: string): Setting<Value>;
export function setting<Value>(names: Names, parse: Parser<Value>): Setting<Value | null>;
export function setting<Value>(names: Names, parse: Parser<Value>, defaultText: string | null = null) {
  return new Setting(typeof names === 'string' ? [names] : names, parse, defaultText, false);
}

export const secret = <Value>(names: Names, parse: Parser<Value>): Setting<Value | null> =>
  new Setting<Value | null>(typeof names === 'string' ? [names] : names, parse, null, true);

/** Settings by the name that the code reads. */
export type Table = { readonly [name: string]: Setting | Table };

export type ValuesOf<Part> = {
  readonly [Name in keyof Part]: Part[Name] extends Setting<infer Value> ? Value : ValuesOf<Part[Name]>;
};

export const settingsIn = (table: Table): Setting[] =>
  Object.values(table).flatMap((entry) => (entry instanceof Setting ? [entry] : settingsIn(entry)));
