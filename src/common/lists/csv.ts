export type CsvRow = readonly (string | null)[];

/** A byte order mark, without which spreadsheets do not read UTF-8. */
export const CSV_START = '\uFEFF';

/** Lines as in RFC 4180, section 2; null is an empty cell. */
export const toCsv = (rows: readonly CsvRow[]): string =>
  rows.map((row) => `${row.map((cell) => quoted(asText(cell ?? ''))).join(',')}\r\n`).join('');

/** What a spreadsheet would run as a formula is marked as a text. */
const asText = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
