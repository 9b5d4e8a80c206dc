/** A folder of templates that cannot be used. */
export class InvalidMailTemplates extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}
