import type { MigrationInterface, QueryRunner } from 'typeorm';

const ORGANIZATION_OPERATOR = 'd8f3f905-36e8-43ef-bce7-2c1bfa22c0d4';

/**
 * Tokens created before `makes_admins` existed count as admins' tokens. Those whose creator is an Organization Operator
 * today are limited, and so are the groups that they have written (docs/contract/scim.md#tokens).
 */
export class LimitOlderScimTokensOfOperators1764610000000 implements MigrationInterface {
  name = 'LimitOlderScimTokensOfOperators1764610000000';
  readonly irreversible = 'it limited tokens and groups without recording which.';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `with limited as (
         update scim_tokens t set makes_admins = false
         from org_memberships m
         where t.makes_admins and m.org_id = t.org_id and m.user_id = t.created_by_user_id and m.role_id = $1
         returning t.id, t.org_id)
       update scim_groups g set makes_admins = false
       from limited l join audit_entries e on e.org_id = l.org_id and e.credential_id = l.id
       where e.succeeded and e.operation in ('create_scim_group', 'update_scim_group')
         and g.org_id = l.org_id and g.id = any(e.resource_ids)`,
      [ORGANIZATION_OPERATOR],
    );
  }

  async down(): Promise<void> {}
}
