import { type CheckName, type Problem, PROBLEMS } from './problems.js';

/** What the doctor has found in one of its checks. An array of these is the output of `--json`. */
export type Finding = {
  readonly check: CheckName;
  readonly status: 'ok' | 'warning' | 'error';
  /** A key of `PROBLEMS`; null if the status is ok. */
  readonly problem: Problem | null;
  /** Holds no secret, token or address of a person. */
  readonly message: string;
  readonly remedy: string | null;
};

/** Not yet by which check. */
export type Result = Omit<Finding, 'check'>;

export const ok = (message: string): Result => ({ status: 'ok', problem: null, message, remedy: null });

export const found = (problem: Problem, message: string): Result => {
  const { status, remedy } = PROBLEMS[problem];
  return { status, problem, message, remedy };
};

export const foundIf = (condition: boolean, problem: Problem, message: string): Result[] =>
  condition ? [found(problem, message)] : [];
