import type { EntityManager, ObjectLiteral, ObjectType } from 'typeorm';

/** The select list for an entity's properties: `display_name as "displayName", …`. */
export function entityColumns(manager: EntityManager, entity: ObjectType<ObjectLiteral>): string {
  const { columns } = manager.connection.getMetadata(entity);
  return columns.map(({ databaseName, propertyName }) => `${databaseName} as "${propertyName}"`).join(', ');
}
