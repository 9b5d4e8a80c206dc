import { expect, it } from '@jest/globals';
import { csvOf } from './csv';

const cellOf = (value: string | number | null | undefined): string => {
  const text = csvOf([{ label: 'Name', value: () => value }], [null]);
  return text.replace(/^\uFEFFName\r\n/, '').replace(/\r\n$/, '');
};

it('begins with a byte order mark and the labels, and ends every line with CR and LF', () => {
  const columns = [
    { label: 'Name', value: ({ name }: { name: string }) => name },
    { label: 'Workspaces', value: () => 2 },
  ];

  expect(csvOf(columns, [{ name: 'Ada' }, { name: 'Jörg' }])).toBe(
    '\uFEFFName,Workspaces\r\nAda,2\r\nJörg,2\r\n',
  );
});

it.each([
  ['=HYPERLINK("https://evil.example","x")', `"'=HYPERLINK(""https://evil.example"",""x"")"`],
  ['+49 30 1234', "'+49 30 1234"],
  ['-1+1', "'-1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['=1,2', `"'=1,2"`],
  ['＝1', "'＝1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠SUM(A1)', "'＠SUM(A1)"],
  ['  =1', "'  =1"],
  ['\u00a0\u3000=1', "'\u00a0\u3000=1"],
  ['\u200b\u200d\ufeff=1', "'\u200b\u200d\ufeff=1"],
  ['\u00ad\u2060\u3164＝1', "'\u00ad\u2060\u3164＝1"],
  ['\n=1', `"'\n=1"`],
  [' Ada', ' Ada'],
  ['\u200dAda - Bert', '\u200dAda - Bert'],
  ["'quoted", "'quoted"],
  ['a=b', 'a=b'],
  ['Lovelace, Ada', '"Lovelace, Ada"'],
  ['"Ada"', '"""Ada"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['a;b', 'a;b'],
  ['', ''],
  [null, ''],
  [undefined, ''],
  [0, '0'],
  [-1, "'-1"],
])('writes %j as %j', (value, cell) => {
  expect(cellOf(value)).toBe(cell);
});
