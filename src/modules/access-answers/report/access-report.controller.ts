import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Audited, Refuses, ReturnsJsonOrCsv } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { csvReply, listReply } from '../../../common/lists/list.reply.js';
import { AccessReport, AccessReportQuery, type AuditLogHead } from '../../../contract/access-report.js';
import { adminsOnly } from '../../roles/index.js';
import { OnlyAdminsReadAccessReports } from './errors.js';
import { ExportAccessReport, type Grant, type ReportedAccess } from './export-access-report.js';
import { type ChainEnd, formatHead } from '../../audit/index.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/access-report')
export class AccessReportController {
  constructor(private readonly reports: ExportAccessReport) {}

  @Get()
  @OrgQuery(adminsOnly(OnlyAdminsReadAccessReports))
  @Audited('get_access_report')
  @ReturnsJsonOrCsv(AccessReport)
  @Refuses('too_many_large_lists')
  async getAccessReport(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() { format }: AccessReportQuery,
  ): Promise<object> {
    const report = await this.reports.export(principal, format);
    const grants = report.grants.map(toAccessGrant);
    if (format === 'csv') {
      const rows = grants.map((grant) => [...Object.values(grant), null, null]);
      return csvReply([CSV_COLUMNS, headRow(report)], rows, 'access-report.csv');
    }
    return listReply({
      organization_id: report.orgId,
      created_at: report.createdAt.toISOString(),
      audit_log: toAuditLogHead(report.head),
      grants,
    });
  }
}

/** The members of a grant, in the order of the columns in CSV. */
const GRANT_COLUMNS = `
  kind id state user_id email full_name organization_role_id organization_role_name
  workspace_id workspace_name workspace_role_id workspace_role_name user_group_id user_group_name
  short_key description source created_at given_by_user_id given_by_email given_by_credential_id
  role_changed_at role_changed_by_user_id role_changed_by_email role_changed_by_credential_id
  last_used_at expires_at access_expires_at reverts_to_role_id reverts_to_role_name`
  .trim()
  .split(/\s+/);

/** A column that the kind of grant does not have is null. */
const toAccessGrant = (grant: Grant) =>
  Object.fromEntries(GRANT_COLUMNS.map((column) => [column, textOf(grant[column])]));

const textOf = (value: string | Date | null | undefined): string | null =>
  value instanceof Date ? value.toISOString() : (value ?? null);

const toAuditLogHead = (head: ChainEnd | null): AuditLogHead | null =>
  head && { position: head.through, seal: formatHead(head) };

const CSV_COLUMNS = [...GRANT_COLUMNS, 'audit_log_position', 'audit_log_seal'];

/** The first row of the table, which `npm run admin -- audit:verify --export FILE` reads. */
function headRow({ orgId, createdAt, head }: ReportedAccess): (string | null)[] {
  const log = toAuditLogHead(head);
  const cells: Record<string, string | null> = {
    kind: 'audit_log_head',
    id: orgId,
    created_at: createdAt.toISOString(),
    audit_log_position: log?.position ?? null,
    audit_log_seal: log?.seal ?? null,
  };
  return CSV_COLUMNS.map((name) => cells[name] ?? null);
}
