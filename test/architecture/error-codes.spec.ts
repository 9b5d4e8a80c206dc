import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { REFUSALS } from '../../src/modules/auth/sign-in/provisioning/sign-in.errors.js';
import { errorsWithoutMessage, errorCodes, formerCodes, repeatedCodes } from '../support/error-codes.js';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const [table = '', renamed = ''] = page.split('## Former codes');
const byName = ([a]: string[], [b]: string[]) => (a! < b! ? -1 : 1);

it('docs/errors.md lists every error code of the sources with its status, and no other', () => {
  const listed = [...table.matchAll(/^\| `(\w+)` +\| ([\d, ]+?) +\|/gm)].map(([, code, status]) => [
    code,
    status,
  ]);

  expect((listed as string[][]).sort(byName)).toEqual([...errorCodes()].sort(byName));
});

it('docs/errors.md lists every former code with the present one, and no other', () => {
  const listed = [...renamed.matchAll(/^\| `(\w+)` +\| `(\w+)` +\|/gm)].map(([, former, code]) => [
    former,
    code,
  ]);

  expect((listed as string[][]).sort(byName)).toEqual([...formerCodes()].sort(byName));
});

it('no two errors have the same code', () => {
  expect(repeatedCodes()).toEqual([]);
});

it('every error code is in snake_case, and no former code is used again', () => {
  const codes = [...errorCodes().keys()];

  expect(codes.filter((code) => !/^[a-z]+(_[a-z]+)*$/.test(code))).toEqual([]);
  expect(codes.filter((code) => formerCodes().has(code))).toEqual([]);
});

it('no error is created without a message', () => {
  expect(errorsWithoutMessage()).toEqual([]);
});

it('the console knows the code of every reason for which a sign-in is refused', () => {
  const texts = readFileSync(
    new URL('../../console/src/failed-sign-ins/use-failed-sign-ins.ts', import.meta.url),
    'utf8',
  );
  const named = Object.entries(REFUSALS).filter(([reason, { code }]) => reason !== code);

  expect(named.filter(([reason, { code }]) => !texts.includes(`  ${reason}: '${code}',`))).toEqual([]);
});
