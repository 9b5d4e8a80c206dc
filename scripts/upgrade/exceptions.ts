import type { Migration } from '../../src/database/schema/migration.ts';
import type { Finding } from './finding.ts';
import { hasCommit, isInPreviousRelease, PREVIOUS } from './previous-release.ts';

/** The findings that no migration declares as an exception. */
export function undeclared(findings: readonly Finding[], migrations: readonly Migration[]): Finding[] {
  const declared = new Set(migrations.flatMap(({ contract = {} }) => Object.keys(contract)));
  return findings.filter(({ change }) => !declared.has(change));
}

/** What is wrong with the exceptions of a migration: those that match no finding, and those of a later release. */
export function problemsOfExceptions({ contract = {} }: Migration, findings: readonly Finding[]): string[] {
  return Object.entries(contract).flatMap(([change, exception]) => {
    if (!findings.some((finding) => finding.change === change))
      return [`declares "${change}" as an exception, but does not do that`];
    if (!('unusedSince' in exception)) return [];
    const { unusedSince } = exception;
    if (!hasCommit(PREVIOUS.commit)) return []; // a shallow clone cannot tell
    if (isInPreviousRelease(unusedSince)) return [];
    return [
      `declares "${change}" as unused since ${unusedSince}, which the previous release (${PREVIOUS.commit}) does not contain`,
    ];
  });
}
