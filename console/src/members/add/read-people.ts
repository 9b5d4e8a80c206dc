import { parse } from 'csv-parse/browser/esm/sync';

/** One person of the list, as it was typed. */
export type Entry = {
  readonly email: string;
  readonly fullName: string | null;
  /** The name of a role; null for the one chosen for all. */
  readonly roleName: string | null;
};

const HEADERS: Record<string, keyof Entry> = {
  email: 'email',
  'e-mail': 'email',
  full_name: 'fullName',
  name: 'fullName',
  role: 'roleName',
};

/**
 * Reads the rows of a CSV file with a header that names `email`, else addresses that are separated by lines, commas,
 * semicolons or blanks.
 */
export function readPeople(text: string): Entry[] {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const delimiter = header.includes(';') ? ';' : header.includes('\t') ? '\t' : ',';
  const columns = header
    .split(delimiter)
    .map((name) => HEADERS[name.trim().toLowerCase().replaceAll('"', '')]);
  return columns.includes('email') ? readRows(lines.join('\n'), delimiter, columns) : readAddresses(text);
}

function readRows(text: string, delimiter: string, columns: readonly (keyof Entry | undefined)[]): Entry[] {
  const rows = parse(text, {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  });
  return rows.map((row) => {
    const cell = (name: keyof Entry) => row[columns.indexOf(name)] || null;
    return { email: cell('email') ?? '', fullName: cell('fullName'), roleName: cell('roleName') };
  });
}

const readAddresses = (text: string): Entry[] =>
  text
    .split(/[\s,;]+/)
    .filter((email) => email !== '')
    .map((email) => ({ email, fullName: null, roleName: null }));
