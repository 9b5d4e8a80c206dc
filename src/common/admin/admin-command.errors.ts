/** The command cannot be carried out, or reports something to a script by its exit code; the message is for the operator. */
export class AdminCommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
