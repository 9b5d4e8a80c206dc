/** The text of an operation in the API reference. */
export type OperationText = {
  title: string;
  /** Only what its title and fields do not say. */
  description?: string;
  /** A valid body; ids are those of `EXAMPLE_IDS` or of system roles. */
  body?: unknown;
  /** Example values of required parameters. */
  values?: Record<string, string | readonly string[]>;
};

/** A task of API users, with its operations by method and path, in the order of use. */
export type Task = {
  title: string;
  intro: string;
  operations: Record<string, OperationText>;
};
