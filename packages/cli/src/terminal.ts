import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Control characters move the cursor or send commands to a terminal; bidirectional ones reorder what is read. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text of the server or of a file, as it may be shown on a terminal. */
export const safe = (text: string): string => text.replaceAll(UNSAFE, '\ufffd');

/** JSON for programs, in which such characters are escaped. */
export const safeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replaceAll(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** “1 person”, “2 people”. */
export const count = (number: number, one: string, several: string): string =>
  `${number} ${number === 1 ? one : several}`;

export const isInteractive = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

export const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** Replaces the line before, on a terminal only. An empty text ends it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

type Columns<Row> = Readonly<Record<string, (row: Row) => string | null | undefined>>;

export type Output = {
  /** A table, or the rows as the server sent them. */
  readonly rows: <Row>(rows: readonly Row[], columns: Columns<Row>, ifNone: string) => void;
  /** One row that is followed by others later: a line, or an object in a line of its own. */
  readonly row: <Row>(row: Row, columns: Columns<Row>) => void;
  readonly isJson: boolean;
};

/** `json`: as the options say; absent: tables for people on a terminal, JSON for programs. */
export function outputFor(json: boolean | undefined): Output {
  const isJson = json ?? !process.stdout.isTTY;
  const write = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    isJson,
    rows: (rows, columns, ifNone) => {
      if (isJson) write(safeJson(rows, 2));
      else if (rows.length === 0) note(ifNone);
      else write(table(rows, columns));
    },
    row: (row, columns) =>
      write(
        isJson
          ? safeJson(row)
          : Object.values(columns)
              .map((cell) => safe(cell(row) ?? ''))
              .join('  ')
              .trimEnd(),
      ),
  };
}

function table<Row>(rows: readonly Row[], columns: Columns<Row>): string {
  const lines = [
    Object.keys(columns).map((name) => name.toUpperCase()),
    ...rows.map((row) => Object.values(columns).map((cell) => safe(cell(row) ?? '') || '-')),
  ];
  const widths = Object.keys(columns).map((_, at) =>
    Math.max(...lines.map((line) => [...(line[at] ?? '')].length)),
  );
  const padded = lines.map((line) =>
    line.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - [...cell].length)).join('  '),
  );
  return padded.map((line) => line.trimEnd()).join('\n');
}

/** No, unless the answer begins with y. */
export async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

/** What is typed is not shown. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  lines.on('SIGINT', () => process.exit(130));
  try {
    return (await lines.question('')).trim();
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8').trim();
}
