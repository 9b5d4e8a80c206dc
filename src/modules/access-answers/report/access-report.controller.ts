import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Audited, Refuses, ReturnsJsonOrCsv } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { csvReply, listReply } from '../../../common/lists/list.reply.js';
import { AccessReport, AccessReportQuery } from '../../../contract/access-report.js';
import { adminsOnly } from '../../roles/index.js';
import { CSV_COLUMNS, headRow, toAccessGrant, toAuditLogHead } from './access-report.mapper.js';
import { OnlyAdminsReadAccessReports } from './errors.js';
import { ExportAccessReport } from './export-access-report.js';

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
