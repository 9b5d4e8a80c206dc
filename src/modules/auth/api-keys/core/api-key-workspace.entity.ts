import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A workspace that a service key is limited to. */
@Entity('api_key_workspaces')
@Index('api_key_workspaces_by_workspace', ['workspaceId', 'orgId'])
@ForeignKey('ApiKey', ['apiKeyId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class ApiKeyWorkspace {
  @PrimaryColumn('uuid') apiKeyId: string;
  @PrimaryColumn('uuid') workspaceId: string;
  @Column('uuid') orgId: string;
  /** In the list of workspaces as it was given; 0 for all workspaces of keys that are older than this column. */
  @Column('integer', { default: 0 }) position: number;
}
