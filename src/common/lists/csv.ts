export type CsvRow = readonly (string | null)[];

/** A byte order mark, without which spreadsheets do not read UTF-8. */
export const CSV_START = '\uFEFF';

/** Lines as in RFC 4180, section 2; null is an empty cell. */
export const toCsv = (rows: readonly CsvRow[]): string =>
  rows.map((row) => `${row.map((cell) => quoted(asText(cell ?? ''))).join(',')}\r\n`).join('');

/** Spreadsheets ignore what is before the sign, and read signs in full width. */
const FORMULA = /^(?:[\t\r]|[\s\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠])/u;

/** Marks as text what a spreadsheet would run as a formula. */
const asText = (value: string): string => (FORMULA.test(value) ? `'${value}` : value);

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
