export type CsvColumn<Row> = {
  readonly label: string;
  readonly value: (row: Row) => Value;
};

type Value = string | number | null | undefined;

/** Spreadsheets ignore what is before the sign, and read signs in full width. */
const FORMULA = /^(?:[\t\r]|[\s\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠])/u;

/** Marks as text what a spreadsheet would run as a formula. */
export const asText = (value: string): string => (FORMULA.test(value) ? `'${value}` : value);

/** Quoted as in RFC 4180, section 2. */
const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

export const toCsvCell = (value: Value): string => quoted(asText(String(value ?? '')));

/** With a byte order mark, without which spreadsheets do not read UTF-8. */
export function csvOf<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ label }) => label),
    ...rows.map((row) => columns.map(({ value }) => value(row))),
  ];
  return `\uFEFF${lines.map((line) => `${line.map(toCsvCell).join(',')}\r\n`).join('')}`;
}
