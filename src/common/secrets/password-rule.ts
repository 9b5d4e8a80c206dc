import { randomInt } from 'node:crypto';

const MIN_LENGTH = 12;

/** Bounds the hashing work, which is proportional to the length. */
const MAX_LENGTH = 1000;

/**
 * The complete list of the contract: `& * = ; < > | " '` and the backtick do not count
 * (docs/contract/passwords.md#password-rule).
 */
const SYMBOLS = '!#$%()+,-./:?@[\\]^_{}~';

/** Without 0 O 1 I l, and with symbols that need no escaping in a shell, an env file or prose. */
const READABLE = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789%+-@^_';
const GENERATED_LENGTH = 24;

/**
 * The violations of a new password, as sentences for users; empty if it is acceptable. The chart's rule for the first
 * admin, applied to all users. Lengths are in UTF-16 units.
 */
export function passwordProblems(password: string): string[] {
  const problems: string[] = [];
  if (password.length < MIN_LENGTH) problems.push(`Must have at least ${MIN_LENGTH} characters.`);
  if (password.length > MAX_LENGTH) problems.push(`Must have at most ${MAX_LENGTH} characters.`);
  if (!/[a-z]/.test(password)) problems.push('Must contain a lowercase letter (a to z).');
  if (!/[A-Z]/.test(password)) problems.push('Must contain an uppercase letter (A to Z).');
  if (!SYMBOLS.split('').some((symbol) => password.includes(symbol))) {
    problems.push(`Must contain one of these symbols: ${SYMBOLS}`);
  }
  if (password.includes('\0')) problems.push('Must not contain a NUL character.');
  return problems;
}

/**
 * A password of 24 characters (143 bits) that satisfies the rule. Drawn until it does, rather than corrected, so that
 * all acceptable passwords are equally likely.
 */
export function generatePassword(): string {
  for (;;) {
    const password = Array.from({ length: GENERATED_LENGTH }, () =>
      READABLE.charAt(randomInt(READABLE.length)),
    ).join('');
    if (passwordProblems(password).length === 0) return password;
  }
}
