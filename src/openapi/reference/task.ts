/** What a person reads about an operation. */
export type OperationText = {
  title: string;
  /** Only what its name and fields do not say. */
  description?: string;
  /** A body that works when it is pasted; `$WORKSPACE_ID` stands for the id of one. */
  body?: unknown;
  /** Values of parameters without which the call makes no sense. */
  values?: Record<string, string>;
};

/** Something people want to get done, and the operations for it, by method and path, in the order they are wanted. */
export type Task = {
  title: string;
  intro: string;
  operations: Record<string, OperationText>;
};
