import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';

/** One line of the file, unchanged: the server validates e-mail and role. */
export type Person = { line: number; name: string; email: string; role: string; columns: number };

export const COLUMNS = ['name', 'e-mail', 'role'];

type CsvRecord = { record: string[]; info: { lines: number } };

const OPTIONS = { bom: true, trim: true, info: true, relax_column_count: true, skip_empty_lines: true };

/**
 * Reads a CSV file (RFC 4180) that begins with `name,e-mail,role`. A line with too few or too many columns is kept, so
 * that it can be reported. Throws when the file cannot be read or is not CSV.
 */
export async function readPeople(file: string): Promise<Person[]> {
  const [header, ...lines] = parse(await readFile(file), OPTIONS) as unknown as CsvRecord[];
  if (header?.record.join().toLowerCase() !== COLUMNS.join())
    throw new Error(`${file} must begin with the line ${COLUMNS.join()}`);
  return lines.map(({ record, info }) => {
    const [name = '', email = '', role = ''] = record;
    return { line: info.lines, name, email, role, columns: record.length };
  });
}
