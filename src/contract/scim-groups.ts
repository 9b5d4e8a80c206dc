import { Flag, ListOf, Nested, Text, TextList, Uuid } from '../common/http/fields.decorator.js';

const MOST_NAMES = 500;

/** Not part of the published API: asks which roles groups with these names would grant. */
export class ScimGroupsPreviewRequest {
  @TextList({ maxSize: MOST_NAMES, description: 'Names of groups, the oldest group first.' }) names: string[];
}

export class ScimGroupPreview {
  @Text() name: string;
  @Flag() grants: boolean;
  @Text({ nullable: true, description: 'Why it grants nothing.' }) reason: string | null;
  @Text({ nullable: true }) organization_role: string | null;
  @Uuid({ nullable: true }) workspace_id: string | null;
  @Text({ nullable: true }) workspace_name: string | null;
  @Text({ nullable: true }) workspace_role: string | null;
}

export class ScimWorkspaceGrant {
  @Uuid() workspace_id: string;
  @Text() workspace_name: string;
  @Text() workspace_role: string;
}

export class ScimGroupsTogether {
  @Text({ nullable: true }) organization_role: string | null;
  @ListOf(() => ScimWorkspaceGrant) workspaces: ScimWorkspaceGrant[];
}

export class ScimGroupsPreviewResponse {
  @ListOf(() => ScimGroupPreview) groups: ScimGroupPreview[];
  @Nested(() => ScimGroupsTogether, { description: 'What a user in all of them would get.' })
  together: ScimGroupsTogether;
}
