import { readFile } from 'node:fs/promises';
import { Failure } from '../failures.js';

/** One line of the file. Empty columns are empty texts. */
export type Person = Readonly<Record<Column, string>> & { readonly line: number };
type Column = (typeof COLUMNS)[number];

const COLUMNS = ['email', 'name', 'role', 'workspace', 'workspace_role'] as const;

/**
 * The people of a CSV file (RFC 4180) whose first line names its columns.
 *
 * @throws Failure
 */
export async function readPeople(path: string): Promise<Person[]> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new Failure(`${path} cannot be read: ${error.message}`);
  });
  const [header, ...rows] = parseCsv(decode(bytes, path), path);
  const names =
    header?.cells.map((name) => name.trim().toLowerCase().replace('e-mail', 'email').replace(/ /g, '_')) ??
    [];
  const unknown = names.filter((name) => !(COLUMNS as readonly string[]).includes(name));
  if (!names.includes('email') || unknown.length > 0 || new Set(names).size < names.length)
    throw new Failure(
      `The first line of ${path} names its columns, separated by commas: email and, if wanted, ${COLUMNS.slice(1).join(', ')}.`,
    );
  const wrong = rows.find(({ cells }) => cells.length !== names.length);
  if (wrong)
    throw new Failure(
      `Line ${wrong.line} of ${path} has ${wrong.cells.length} columns, the first one has ${names.length}.`,
    );
  return rows.map(({ line, cells }) => {
    const cell = (name: Column) => cells[names.indexOf(name)]?.trim() ?? '';
    const [email, name, role, workspace, workspaceRole] = COLUMNS.map(cell) as [
      string,
      string,
      string,
      string,
      string,
    ];
    return { line, email, name, role, workspace, workspace_role: workspaceRole };
  });
}

/** Without a byte order mark. In another encoding, names would lose their letters. */
function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failure(`${path} is not UTF-8: save it as “CSV UTF-8”.`);
  }
}

type Row = { line: number; cells: string[] };

/** Rows without those that are empty. `"` begins a quoted cell, in which it is written twice. */
function parseCsv(text: string, path: string): Row[] {
  const rows: Row[] = [];
  let row: Row = { line: 1, cells: [] };
  let cell = '';
  let isQuoted = false;
  let line = 1;
  const endRow = () => {
    row.cells.push(cell);
    cell = '';
    if (row.cells.some((each) => each.trim() !== '')) rows.push(row);
    row = { line: line + 1, cells: [] };
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (isQuoted && character === '"' && text.charAt(at + 1) === '"') cell += text.charAt(at++);
    else if (character === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) {
      row.cells.push(cell);
      cell = '';
    } else if (character === '\n' && !isQuoted) endRow();
    else if (character !== '\r' || isQuoted) cell += character;
    if (character === '\n') line++;
  }
  if (isQuoted) throw new Failure(`${path} ends within a quoted text.`);
  if (cell !== '' || row.cells.length > 0) endRow();
  return rows;
}
