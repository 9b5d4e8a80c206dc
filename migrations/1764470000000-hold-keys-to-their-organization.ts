import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The workspaces of a key must belong to its organization; adds check constraints for enumerations of the code. */
export class HoldKeysToTheirOrganization1764470000000 implements MigrationInterface {
  name = 'HoldKeysToTheirOrganization1764470000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `alter table api_keys add constraint api_keys_id_org_id_key unique (id, org_id)`,
  `alter table api_key_workspaces
    drop constraint api_key_workspaces_api_key_id_fkey,
    add constraint api_key_workspaces_api_key_id_org_id_fkey
      foreign key (api_key_id, org_id) references api_keys(id, org_id) on delete cascade`,

  `alter table invitations
    add constraint invitations_end_when_they_wait_no_more check ((status = 'pending') = (ended_at is null))`,
  `alter table login_methods
    add constraint login_methods_provisioning_is_known check (provisioning_method in ('bootstrap', 'scim'))`,
  `alter table scim_groups
    add constraint scim_groups_of_workspaces_name_an_org_role check ((kind = 'workspace') = (org_role is not null)),
    add constraint scim_groups_org_role_is_known
      check (org_role in ('ORGANIZATION_OPERATOR', 'ORGANIZATION_USER', 'ORGANIZATION_VIEWER'))`,
];

const DOWN = [
  `alter table scim_groups
    drop constraint scim_groups_org_role_is_known, drop constraint scim_groups_of_workspaces_name_an_org_role`,
  `alter table login_methods drop constraint login_methods_provisioning_is_known`,
  `alter table invitations drop constraint invitations_end_when_they_wait_no_more`,

  `alter table api_key_workspaces
    drop constraint api_key_workspaces_api_key_id_org_id_fkey,
    add constraint api_key_workspaces_api_key_id_fkey
      foreign key (api_key_id) references api_keys(id) on delete cascade`,
  `alter table api_keys drop constraint api_keys_id_org_id_key`,
];
