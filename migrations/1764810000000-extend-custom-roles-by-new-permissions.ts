import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gives custom roles the permissions that were split from ones that they hold, so that everybody can do what they could
 * before (docs/contract/roles.md#permissions-added-later). Servers of the previous release ignore names that they do
 * not know.
 */
export class ExtendCustomRolesByNewPermissions1764810000000 implements MigrationInterface {
  name = 'ExtendCustomRolesByNewPermissions1764810000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EXTEND, [JSON.stringify(RULES)]);
  }

  /** A role that holds new permissions only keeps them: a role without any is not allowed. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `update roles set permissions = array(
         select name from unnest(permissions) with ordinality as held (name, position)
         where name <> all ($1) order by position)
       where org_id is not null and permissions && $1 and not permissions <@ $1`,
      [NEW],
    );
  }
}

/** Appends to each role what the permissions that it holds imply. $1: rows of `IMPLIED`, in its order. */
const EXTEND = `
  with implied as (
    select * from jsonb_to_recordset($1::jsonb) as rules (held text[], name text, position integer)
  ), missing as (
    select r.id, i.name, min(i.position) as position
    from roles r join implied i on r.permissions @> i.held and i.name <> all (r.permissions)
    where r.org_id is not null
    group by r.id, i.name
  )
  update roles r set permissions = r.permissions || m.names
  from (select id, array_agg(name order by position) as names from missing group by id) m
  where m.id = r.id`;

const words = (text: string): string[] => text.trim().split(/\s+/);

/** What Viewer, Editor and Admin held before. Who holds all of it could grant the role, and still can. */
const VIEWER = words(`
  workspaces:read projects:read runs:read datasets:read prompts:read feedback:read
  annotation-queues:read rules:read charts:read deployments:read alerts:read issues:read
  sandboxes:read mcp-servers:read bulk-exports:read`);
const EDITOR = [
  ...VIEWER,
  ...words(`
    projects:update projects:increase-trace-tier projects:decrease-trace-tier runs:create runs:share
    datasets:create datasets:update experiments:run prompts:create prompts:update prompts:delete
    prompts:share feedback:create feedback:update feedback:delete annotation-queues:create
    annotation-queues:update rules:create rules:update rules:delete charts:create charts:update
    charts:delete deployments:create deployments:update alerts:create alerts:update alerts:delete
    issues:create issues:update issues:delete sandboxes:create sandboxes:update sandboxes:delete
    sandboxes:exec mcp-servers:invoke gateway:invoke`),
];
const ADMIN = [
  ...EDITOR,
  ...words(`
    workspaces:manage workspaces:manage-members workspaces:manage-secrets
    workspaces:manage-model-configs projects:create projects:delete runs:delete datasets:delete
    datasets:share annotation-queues:delete deployments:delete mcp-servers:create mcp-servers:update
    mcp-servers:delete bulk-exports:manage fleet:read-admin-config fleet:write-admin-config`),
];

/** Pairs: who holds all permissions of the first list gets those of the second. */
const IMPLIED: readonly (readonly [held: string[], added: string[]])[] = [
  [['workspaces:manage'], ['workspaces:manage-keys']],
  [['feedback:create'], ['feedback-configs:create']],
  [['feedback:update'], ['feedback-configs:update']],
  [['feedback:delete'], ['feedback-configs:delete']],
  [['datasets:read'], ['datasets:download']],
  [['datasets:read', 'datasets:create'], ['datasets:clone']],
  [['runs:read'], ['runs:read-inputs', 'runs:read-outputs', 'runs:read-stats']],
  [
    VIEWER,
    words(`
      workspaces:user-groups:read model-price-map:read custom-apps:read fleet-agents:read
      fleet-skills:read agent-auth-connections:read`),
  ],
  [
    EDITOR,
    words(`
      projects:tag-on-create datasets:tag-on-create prompts:tag-on-create sandboxes:tag-on-create
      snapshots:create snapshots:update custom-apps:create custom-apps:update custom-apps:download
      fleet-agents:create fleet-agents:invoke fleet-agents:update fleet-skills:create
      fleet-skills:update agent-auth-connections:create agent-auth-connections:update`),
  ],
  [
    ADMIN,
    words(`
      workspaces:user-groups:manage-members workspaces:user-groups:manage-policies
      rules:configure-retention snapshots:delete custom-apps:delete model-price-map:create
      model-price-map:update model-price-map:delete fleet-agents:delete fleet-skills:delete
      agent-auth-connections:delete agent-auth-connections:revoke`),
  ],
];

const RULES = IMPLIED.flatMap(([held, added]) => added.map((name) => ({ held, name }))).map(
  (rule, position) => ({
    ...rule,
    position,
  }),
);
const NEW = RULES.map(({ name }) => name);
