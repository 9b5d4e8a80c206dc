/** True for a parsed JSON value that is an object, and no array. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined if the text is no JSON; the message of `JSON.parse` is dropped, since it quotes the text. */
export function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The location of a key in a body: object keys and list indexes, outermost first. */
type KeyPath = (string | number)[];

const MOST_NAMED = 100;
const LONGEST_KEY = 255; // characters; longer keys are cut in problems

/** A list (`keys` is null) or an object that contains the current position, and the position in it. */
type Container = { readonly keys: Set<string> | null; at: string | number; awaitsKey: boolean };

/**
 * The duplicate keys in the objects of `text`, which must be valid JSON, at most a hundred. JSON.parse takes the last of
 * several equal keys, other parsers the first (RFC 8259, section 4). Null if lists and objects are nested deeper than
 * `maxDepth`.
 */
export function duplicateKeys(text: string, maxDepth: number): KeyPath[] | null {
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
    if (open.length > maxDepth) return null;
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
