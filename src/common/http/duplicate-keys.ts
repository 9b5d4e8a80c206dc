/** The location of a key in a body: object keys and list indexes, outermost first. */
export type KeyPath = (string | number)[];

const MOST_NAMED = 100;
const MANY_PER_MEMBER = 5;
const LONGEST_KEY = 255; // characters; longer keys are cut in problems

/**
 * The duplicate keys in the objects of `text`, at most a hundred. JSON.parse takes the last of several equal keys,
 * other parsers the first (RFC 8259, section 4).
 *
 * @param value the parsed `text`
 * @param members the number of members of all objects in `value`
 */
export function duplicateKeys(text: string, value: unknown, members: number): KeyPath[] {
  return mayHaveDuplicates(text, value, members) ? locate(text) : [];
}

/**
 * Each member has a colon in the text, and other colons are in strings; a surplus shows that JSON.parse dropped a
 * member.
 */
function mayHaveDuplicates(text: string, value: unknown, members: number): boolean {
  const most = MANY_PER_MEMBER * (members + 100); // beyond it, scanning the text is faster than counting
  if (hidesKeyOrColon(text, most)) return true;
  const colons = countColons(text, most);
  if (colons > most) return true;
  return colons !== members && colons !== members + colonsInStrings(value);
}

/** Also true if there are more than `most` escapes. */
function hidesKeyOrColon(text: string, most: number): boolean {
  let count = 0;
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at + 2)) {
    ESCAPED_KEY_OR_COLON.lastIndex = at;
    if (++count > most || ESCAPED_KEY_OR_COLON.test(text)) return true;
  }
  return false;
}

/**
 * An escaped colon, or an escape in a key: after an object with a backslash in a key, V8 13.6 may read `"\u0061":` as a
 * key other than `a`.
 */
const ESCAPED_KEY_OR_COLON = /\\(?:u003[aA]|.[^"\\]*"\s*:)/sy;

/** Counts no further than `most` + 1. */
function countColons(text: string, most = Infinity): number {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1 && count <= most; at = text.indexOf(':', at + 1)) count++;
  return count;
}

function colonsInStrings(value: unknown): number {
  if (typeof value === 'string') return countColons(value);
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += colonsInStrings(item);
  else
    for (const key in value)
      count += countColons(key) + colonsInStrings((value as Record<string, unknown>)[key]);
  return count;
}

/** A list (`keys` is null) or an object that contains the current position, and the position in it. */
type Container = { readonly keys: Set<string> | null; at: string | number; awaitsKey: boolean };

/** Scans `text`, which must be valid JSON, character by character. */
function locate(text: string): KeyPath[] {
  const open: Container[] = [];
  const found: KeyPath[] = [];
  for (let at = 0; at < text.length && found.length < MOST_NAMED; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const container = open.at(-1);
      if (container?.awaitsKey && isRepeated(container, text.slice(at, end))) found.push(pathOf(open));
      at = end - 1;
    } else if (character === '{') open.push({ keys: new Set(), at: '', awaitsKey: true });
    else if (character === '[') open.push({ keys: null, at: 0, awaitsKey: false });
    else if (character === '}' || character === ']') open.pop();
    else if (character === ',') advance(open.at(-1));
  }
  return found;
}

/** The index after the closing quote, which is the first one with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let first = quote;
    while (text[first - 1] === '\\') first--;
    if ((quote - first) % 2 === 0) return quote + 1;
  }
}

/** Moves to the key; true if its object already has this key, in any escaped form. */
function isRepeated(object: Container, quoted: string): boolean {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  const isKnown = object.keys?.has(key) ?? false;
  object.keys?.add(key);
  object.at = key;
  object.awaitsKey = false;
  return isKnown;
}

function advance(container: Container | undefined): void {
  if (!container) return; // not in valid JSON
  if (container.keys) container.awaitsKey = true;
  else container.at = Number(container.at) + 1;
}

const pathOf = (open: readonly Container[]): KeyPath =>
  open.map(({ at }) => (typeof at === 'string' ? at.slice(0, LONGEST_KEY) : at));
