import type { ObjectLiteral, Repository } from 'typeorm';

/**
 * Inserts a row or several, and returns false if a unique constraint refuses one; the caller rolls back by throwing.
 * Unlike a violated constraint, this writes no error into PostgreSQL's log for each race that a client loses.
 */
export async function insertUnlessTaken<Entity extends ObjectLiteral>(
  repository: Repository<Entity>,
  rows: Parameters<Repository<Entity>['insert']>[0],
): Promise<boolean> {
  const insert = repository.createQueryBuilder().insert().values(rows).orIgnore().updateEntity(false);
  const { raw } = await insert.returning(['id']).execute();
  return (raw as unknown[]).length === (Array.isArray(rows) ? rows.length : 1);
}
