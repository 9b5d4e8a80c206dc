import { parse } from 'csv-parse/browser/esm/sync';

/** One person of the list, as it was typed. */
export type Entry = {
  readonly email: string;
  readonly fullName: string | null;
  /** The name of a role; null for the one chosen for all. */
  readonly roleName: string | null;
};

/** What a column of a table holds. */
export const CONTENTS = ['email', 'fullName', 'firstName', 'lastName', 'role', 'unused'] as const;
export type Content = (typeof CONTENTS)[number];

/** A list with more than addresses. The content of a column is null where its heading does not say it. */
export type PeopleTable = {
  readonly rows: readonly (readonly string[])[];
  readonly headings: readonly string[] | null;
  readonly contents: readonly (Content | null)[];
};

/** Headings without spaces, hyphens and case. Others are asked for. */
const HEADINGS: Readonly<Record<string, Content>> = {
  email: 'email',
  emailaddress: 'email',
  emailadresse: 'email',
  mail: 'email',
  mailadresse: 'email',
  name: 'fullName',
  fullname: 'fullName',
  displayname: 'fullName',
  vollständigername: 'fullName',
  anzeigename: 'fullName',
  firstname: 'firstName',
  givenname: 'firstName',
  vorname: 'firstName',
  lastname: 'lastName',
  surname: 'lastName',
  familyname: 'lastName',
  nachname: 'lastName',
  familienname: 'lastName',
  role: 'role',
  rolle: 'role',
  // As this dialog copies rows that were not added.
  reason: 'unused',
  grund: 'unused',
};

/**
 * Reads what people type, spreadsheets and mail programs put on the clipboard, and CSV files: a list of addresses, with or
 * without names (RFC 5322, section 3.4), or a table. A table whose headings do not say what each column holds is returned
 * as such: a column that might be the role is never ignored.
 */
export function readPeople(text: string): Entry[] | PeopleTable {
  const lines = linesOf(text);
  const addresses = readAddresses(lines, ';') ?? readAddresses(lines, ',;');
  if (addresses) return addresses;
  const table = readTable(lines);
  return isUnderstood(table.contents) ? readRows(table, table.contents) : table;
}

/** Whether these contents are known, one of them is the address, and none but unused ones is there twice. */
export function isUnderstood(contents: readonly (Content | null)[]): contents is Content[] {
  const used = contents.filter((content) => content !== 'unused');
  return used.includes('email') && !used.includes(null) && new Set(used).size === used.length;
}

/** The people of a table whose columns hold `contents`. */
export function readRows({ rows }: PeopleTable, contents: readonly Content[]): Entry[] {
  return rows.map((row) => {
    const cell = (content: Content) => row[contents.indexOf(content)] ?? '';
    const name = cell('fullName') || `${cell('firstName')} ${cell('lastName')}`.trim();
    const email = readMailbox(cell('email'));
    return {
      email: email?.email ?? cell('email'),
      fullName: name || (email?.fullName ?? null),
      roleName: cell('role') || null,
    };
  });
}

const INVISIBLE = /[\u200B-\u200F\u2060\uFEFF]/g;
const MAILTO = /mailto:([^\s?<>"]*)(\?[^\s<>"]*)?/gi;
const BULLET = /^\s*(?:[-*•–]|\d{1,4}[.)])\s+/;
/** Names the delimiter for spreadsheets. */
const DELIMITER_LINE = /^sep=.$/i;

function linesOf(text: string): string[] {
  const lines = text
    .replace(INVISIBLE, '')
    .replace(MAILTO, (_, addresses: string) => decoded(addresses))
    .split(/\r\n|[\r\n]/)
    .map((line) => line.replace(BULLET, ''))
    .filter((line) => line.trim() !== '' && !DELIMITER_LINE.test(line.trim()));
  return contentOf(lines[0]) === 'email' ? lines.slice(1) : lines;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not encoded
  }
}

const contentOf = (heading = ''): Content | null =>
  HEADINGS[heading.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')] ?? null;

/** Null unless each line consists of addresses, or of words that are none, which the preview marks. */
function readAddresses(lines: readonly string[], separators: string): Entry[] | null {
  const entries: Entry[] = [];
  for (const line of lines) {
    const parts = splitOutsideQuotes(line, separators).filter((part) => part !== '');
    const found = parts.map(readMailboxes);
    const isAlone = !/[\s,;]/.test(line.trim()) || !/[@,;\t]/.test(line);
    if (isAlone && found.length === 1 && found[0] === null) entries.push(entryOf(line.trim(), ''));
    else if (found.every((mailboxes) => mailboxes !== null)) entries.push(...found.flat());
    else return null;
  }
  return entries;
}

/** One mailbox, with a name or that of a group or a header in front, or addresses with blanks between them. */
function readMailboxes(text: string): Entry[] | null {
  const item = text.replace(/^[^<>"@:]*:/, '').trim();
  const mailbox = readMailbox(item);
  if (mailbox) return [mailbox];
  const words = item.split(/\s+/);
  return words.length > 1 && words.every(isAddress) ? words.map((word) => entryOf(word, '')) : null;
}

/** `ada@example.com`, `Ada <ada@example.com>` or `ada@example.com (Ada)`. */
function readMailbox(text: string): Entry | null {
  const [, name = '', angle] = /^([^<>]*)<+\s*([^<>\s]+)(?:\s*<[^<>]*>)?\s*>+$/.exec(text) ?? [];
  if (angle !== undefined && isAddress(angle))
    return name.includes('@') && /[,;]/.test(name) ? null : entryOf(angle, name);
  const [, address = text, comment = ''] = /^(\S+)\s+\(([^()]*)\)$/.exec(text) ?? [];
  return isAddress(address) ? entryOf(address, comment) : null;
}

const isAddress = (word: string): boolean => /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(word);

function entryOf(email: string, name: string): Entry {
  const fullName = name
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .replaceAll('\\"', '"')
    .trim();
  return { email, fullName: fullName === '' || fullName === email ? null : fullName, roleName: null };
}

function splitOutsideQuotes(line: string, separators: string): string[] {
  const parts = [''];
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    if (!isQuoted && separators.includes(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

const hasAt = (text: string): boolean => text.includes('@');
const hasAddress = (cells: readonly string[]): boolean => cells.some(hasAt);

function readTable(lines: readonly string[]): PeopleTable {
  const [first = [], ...others] = readCells(lines);
  const isHeading = !hasAddress(first) && others.some(hasAddress);
  const rows = isHeading ? others : [first, ...others];
  const width = Math.max(first.length, ...others.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, index) => rows.map((row) => row[index] ?? ''));
  return {
    rows,
    headings: isHeading ? columns.map((_, index) => first[index] ?? '') : null,
    contents: columns.map((cells, index) => {
      if (!first[index] && cells.every((cell) => cell === '')) return 'unused';
      return isHeading ? contentOf(first[index]) : addressesOrUnknown(cells, columns);
    }),
  };
}

/** Without headings, only a column of addresses can be recognized. */
function addressesOrUnknown(cells: readonly string[], columns: readonly string[][]): Content | null {
  const isOnlyOne = columns.filter(hasAddress).length === 1;
  return isOnlyOne && hasAddress(cells) ? 'email' : null;
}

/** The cells of each line, by the delimiter that divides the most lines; else the address of each line, and its other words. */
function readCells(lines: readonly string[]): string[][] {
  const tables = ['\t', ';', ','].map((delimiter) => parseLines(lines, delimiter));
  const dividedRows = (rows: readonly string[][]) => rows.filter((row) => row.length > 1).length;
  const [best = []] = tables.toSorted((one, other) => dividedRows(other) - dividedRows(one));
  return dividedRows(best) > 0 ? best : lines.map(addressAndRest);
}

const CSV = { relax_column_count: true, relax_quotes: true, skip_empty_lines: true, trim: true };

/** Line by line if the quotes of the text are wrong, or hold several addresses together. */
function parseLines(lines: readonly string[], delimiter: string): string[][] {
  const rows = parseOrNull(lines.join('\n'), delimiter);
  const isRead = rows?.every((row) => row.join('\n').split('\n').filter(hasAt).length < 2);
  if (rows && (lines.length === rows.length || isRead)) return rows;
  return lines.map((line) => splitLine(line, delimiter));
}

/** Null if the quotes are wrong. */
function parseOrNull(text: string, delimiter: string): string[][] | null {
  try {
    return parse(text, { ...CSV, delimiter });
  } catch {
    return null;
  }
}

/** Quotes count only if each has its counterpart. */
function splitLine(line: string, delimiter: string): string[] {
  const isPaired = line.split('"').length % 2 === 1;
  const text = isPaired ? line : line.replaceAll('"', '');
  return parseOrNull(text, delimiter)?.[0] ?? splitOutsideQuotes(line, delimiter);
}

function addressAndRest(line: string): string[] {
  const words = line.trim().split(/\s+/);
  const address = words.find((word) => word.includes('@'));
  return address === undefined
    ? [line.trim()]
    : [address, words.filter((word) => word !== address).join(' ')];
}
