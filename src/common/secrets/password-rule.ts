import { randomInt } from 'node:crypto';

const MIN_LENGTH = 12;

/** Bounds the work of hashing, which reads the whole password. */
const MAX_LENGTH = 1000;

/** The contract's list, whole: `& * = ; < > | " '` and the backtick do not count (semantics, section 8). */
const SYMBOLS = '!#$%()+,-./:?@[\\]^_{}~';

/** Without 0 O 1 I l, and with symbols that mean nothing to a shell, an env file or a line of prose. */
const READABLE = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789%+-@^_';
const GENERATED_LENGTH = 24;

/**
 * What is wrong with a new password, as sentences for people; empty when it may be used. The rule is the chart's
 * rule for the first admin, applied to everybody. Lengths are in UTF-16 units.
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
 * A password of 24 characters (143 bits) that satisfies the rule. Drawn again until it does, rather than patched
 * up, so that all passwords that satisfy it are equally likely.
 */
export function generatePassword(): string {
  for (;;) {
    const password = Array.from({ length: GENERATED_LENGTH }, () => randomCharacter()).join('');
    if (passwordProblems(password).length === 0) return password;
  }
}

function randomCharacter(): string {
  return READABLE.charAt(randomInt(READABLE.length));
}
