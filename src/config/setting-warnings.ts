import type { Environment } from './environment.js';
import { SETTINGS } from './setting-names.js';
import { spellingsOf } from './secret-variables.js';
import { isShort } from './session-secret.js';

/** What does not stop a start, but what the operator probably did not intend; holds no value. */
export function settingWarnings(env: NodeJS.ProcessEnv, environment: Environment): string[] {
  return [...shortSecrets(environment), ...misspelled(env)];
}

function shortSecrets(environment: Environment): string[] {
  const { API_KEY_SALT: salt, BASIC_AUTH_JWT_SECRET: jwtSecret } = environment;
  const risk = 'has fewer than 32 characters: whoever guesses it can sign in as any user';
  return [
    ...(jwtSecret !== null && isShort(jwtSecret) ? [`BASIC_AUTH_JWT_SECRET ${risk}`] : []),
    ...(jwtSecret === null && salt !== null && isShort(salt)
      ? [`API_KEY_SALT, from which the secret of sessions is derived, ${risk}`]
      : []),
  ];
}

/** Shorter names resemble too many others. */
const LONG_NAME = 8;
const MAX_DISTANCE = 2;

/** Names of other programs that differ from a setting in one or two letters. */
const OTHERS = new Set(['HTTP_PROXY', 'http_proxy']);

function misspelled(env: NodeJS.ProcessEnv): string[] {
  const known = SETTINGS.flat().flatMap(spellingsOf);
  const isKnown = new Set([...known, ...OTHERS]);
  return Object.keys(env)
    .filter((name) => name.length >= LONG_NAME && !isKnown.has(name))
    .flatMap((name) => {
      const similar = closest(name, known);
      return similar ? [`${name} is not a setting and has no effect; did you mean ${similar}?`] : [];
    });
}

function closest(name: string, known: readonly string[]): string | null {
  const candidates = known
    .filter((other) => other.length >= LONG_NAME && Math.abs(other.length - name.length) <= MAX_DISTANCE)
    .map((other) => ({ other, distance: editDistance(name, other) }))
    .filter(({ distance }) => distance <= MAX_DISTANCE)
    .toSorted((left, right) => left.distance - right.distance);
  return candidates[0]?.other ?? null;
}

/** Levenshtein: how many letters have to be inserted, removed or replaced; infinite above the largest of interest. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [fromIndex, letter] of [...from].entries()) {
    const next = [fromIndex + 1];
    for (const [toIndex, other] of [...to].entries()) {
      const replaced = (row[toIndex] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[toIndex + 1] ?? 0) + 1, (next[toIndex] ?? 0) + 1));
    }
    if (Math.min(...next) > MAX_DISTANCE) return Infinity;
    row = next;
  }
  return row.at(-1) ?? 0;
}
