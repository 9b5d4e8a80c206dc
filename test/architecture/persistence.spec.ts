import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

/** `transaction.manager`, `dataSource.manager`, also destructured; and what is only reached through them. */
const ENTITY_MANAGER =
  /\.manager\b|\{[^{}]*\bmanager\b[^{}]*\}\s*[=:]|\.(?:getRepository|createQueryRunner)\b/;

const RULE =
  'Only repositories and src/database/ use the entity manager (CONTRIBUTING.md, "Add a module"). ' +
  'Move the access to the database into a *.repository.ts.';

const sources = globSync('src/**/*.ts').filter(
  (file) => !file.startsWith('src/database/') && !/\.(?:repository|spec)\.ts$/.test(file),
);

it('uses the entity manager only in repositories and in src/database', () => {
  const users = sources.filter((file) => ENTITY_MANAGER.test(readFileSync(file, 'utf8')));

  expect(users.map((file) => `${file}: ${RULE}`)).toEqual([]);
});

/** TypeORM does not know that a transaction is open (docs/decisions/0093): these would commit it. */
const OWN_TRANSACTION =
  /(?:\b\w*[rR]ows|\bmanager|\bgetRepository\([^()]*\))\.(?:save|remove|softRemove|recover)\(/;

it('calls no method of TypeORM that begins a transaction of its own', () => {
  const users = globSync('src/**/*.ts').filter((file) => OWN_TRANSACTION.test(readFileSync(file, 'utf8')));

  expect(users).toEqual([]);
});

it.each([
  'this.rows.save(user)',
  'this.transaction.manager.remove(user)',
  'source.getRepository(User).save({})',
])('recognizes %s as such a method', (code) => expect(code).toMatch(OWN_TRANSACTION));

it.each([
  'this.transaction.manager.getRepository(User)',
  'const { manager } = this.transaction;',
  'load({ manager }: Transaction)',
  'this.rows = dataSource.getRepository(User)',
])('recognizes %s as a use of the entity manager', (code) => expect(code).toMatch(ENTITY_MANAGER));

it.each([
  "path: 'urn:user:manager.value'",
  "attribute('manager', {})",
  '/** A manager of the organization. */',
])('does not take %s for a use of the entity manager', (code) => expect(code).not.toMatch(ENTITY_MANAGER));
