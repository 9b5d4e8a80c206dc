/**
 * `npm run check:migrations`: refuses migrations that servers of the previous release could not work with
 * (docs/decisions/0070-expand-and-contract-migrations.md).
 */
import { BreakingStatements } from './upgrade/breaking-statements.ts';
import { problemsOfExceptions, undeclared } from './upgrade/exceptions.ts';
import { PREVIOUS } from './upgrade/previous-release.ts';
import { newMigrations, recordStatements } from './upgrade/new-migrations.ts';

const statements = new BreakingStatements();
let problems = 0;
const migrations = await newMigrations();
for (const { file, migration } of migrations) {
  const findings = [];
  for (const statement of await recordStatements(migration))
    findings.push(...(await statements.find(statement)));
  const lines = [
    ...undeclared(findings, [migration]).map(({ change, reason }) => `${change}: ${reason}`),
    ...problemsOfExceptions(migration, findings),
  ];
  for (const line of lines) console.error(`${file}: ${line}`);
  problems += lines.length;
}
console.error(
  `${migrations.length} migrations since the previous release, ${problems} changes that it may not work with`,
);
if (problems > 0) {
  console.error(`
Servers of the previous release (${PREVIOUS.commit.slice(0, 8)}) run beside this one during an upgrade. Add first, move what uses it, and remove in
a later release (CONTRIBUTING.md, "Add a migration"). If they do work with it, the migration says why:
  readonly contract = { '<change>': { unusedSince: '<commit or tag>' } }; // or { harmlessBecause: '<sentence>' }`);
  process.exitCode = 1;
}
