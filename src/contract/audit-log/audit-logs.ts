import {
  Flag,
  Instant,
  Integer,
  ListOf,
  ListOfOneOf,
  Mapping,
  Nested,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
  UuidList,
} from '../../common/http/operations/fields.decorator.js';
import { AUDIT_LOG_OPERATIONS, type AuditLogOperation } from './audit-log-operations.js';

const MOST_HOSTS = 100;

/** Both ends are included. */
export class AuditLogPeriod {
  @Instant() start_time: string;
  @Instant() end_time: string;
}

export class ListAuditLogs extends AuditLogPeriod {
  @Integer({ default: 10, minimum: 1, maximum: 100 }) limit: number;
  @Text(NULLISH) cursor?: string;
  @Uuid(NULLISH) workspace_id?: string;
  @ListOfOneOf(AUDIT_LOG_OPERATIONS, 'AuditLogOperation', {
    ...NULLISH,
    open: true,
    description: 'Entries of these operations; unknown names select nothing.',
  })
  operations?: string[] | null;
  @UuidList({ ...NULLISH, description: 'Entries of these users.' }) actor_ls_user_ids?: string[] | null;
  @UuidList({ ...NULLISH, description: 'Entries of requests with these API keys.' })
  actor_api_key_ids?: string[] | null;
  @TextList({ ...NULLISH, description: 'Entries with at least one of these resources.' })
  resource_ids?: string[] | null;
  /** Not in the published API. */
  @TextList({ ...NULLISH, maxSize: MOST_HOSTS, description: 'Entries of requests from these IP addresses.' })
  client_hosts?: string[] | null;
}

export class ListAuditLogOperationsResponse {
  @ListOfOneOf(AUDIT_LOG_OPERATIONS, 'AuditLogOperation') operations: AuditLogOperation[];
}

/** Activity ids and status ids of OCSF 1.7.0, class 6003; `type_uid` is class × 100 + activity. */
export const OCSF_ACTIVITIES = [0, 1, 2, 3, 4, 99] as const;
export const OCSF_TYPES = [600300, 600301, 600302, 600303, 600304, 600399] as const;
export const OCSF_STATUSES = [0, 1, 2, 99] as const;

export class OCSFProduct {
  @Text() name: string;
  @Text() vendor_name: string;
}

export class OCSFMetadata {
  @Uuid() uid: string;
  @Nested(() => OCSFProduct) product: OCSFProduct;
}

export class OCSFApi {
  @OneOf(AUDIT_LOG_OPERATIONS, 'AuditLogOperation') operation: AuditLogOperation;
}

export class OCSFUrl {
  @Text() path: string;
}

export class OCSFHttpRequest {
  @Text() http_method: string;
  @Nested(() => OCSFUrl) url: OCSFUrl;
}

export class OCSFHttpResponse {
  @Integer({ nullable: true }) code: number | null;
}

/** As the organization knows the person, or last knew them; not part of the published API. */
export class OCSFPerson {
  @Text({ optional: true }) name?: string;
  @Text({ optional: true }) email_addr?: string;
}

export class OCSFUser extends OCSFPerson {
  @Uuid({ nullable: true }) uid: string | null;
  @Uuid({ nullable: true }) credential_uid: string | null;
}

export class OCSFActor {
  @Nested(() => OCSFUser) user: OCSFUser;
}

export class OCSFEndpoint {
  @Text({ nullable: true }) ip: string | null;
  @Integer({ nullable: true }) port: number | null;
  @TextList({ nullable: true }) intermediate_ips: string[] | null;
}

export class OCSFResourceDetails {
  @Uuid() uid: string;
  /** The person that the resource is, or to whom it belongs; not part of the published API. */
  @Nested(() => OCSFPerson, { optional: true }) owner?: OCSFPerson;
}

export class AuditLogEnrichments {
  @Text({ optional: true }) request_method?: string;
  @Text({ optional: true }) request_path?: string;
  @Text(NULLISH) client_host?: string | null;
  @Integer(NULLISH) client_port?: number | null;
  @Text(NULLISH) x_forwarded_for?: string | null;
  @Integer(NULLISH) response_status_code?: number | null;
  @TextList(NULLISH) resource_ids?: string[] | null;
  @Uuid({ optional: true, description: 'The owner of the resource, if another user than the actor.' })
  resource_owner_ls_user_id?: string;
  /** As in `X-Request-Id` and the log; not part of the published API. */
  @Text({ optional: true }) request_id?: string;
  /** The reason for the outcome; not part of the published API. */
  @Mapping({ optional: true }) details?: Record<string, unknown>;
}

export class AuditLogMessage {
  @Uuid() id: string;
  @Text() operation_name: string;
  @Flag({ nullable: true }) operation_succeeded: boolean | null;
  @Instant() request_time: string;
  @Uuid({ nullable: true }) api_key_id: string | null;
  @Uuid({ nullable: true }) user_id: string | null;
  @Uuid({ nullable: true }) ls_user_id: string | null;
  @Uuid({ nullable: true }) organization_id: string | null;
  @Uuid({ nullable: true }) workspace_id: string | null;
  @Nested(() => AuditLogEnrichments, { nullable: true }) enrichments: AuditLogEnrichments | null;
}

export class OCSFUnmapped {
  @Nested(() => AuditLogMessage) original_audit_log: AuditLogMessage;
}

export class OCSFApiActivity {
  @OneOf([6003], 'OCSFClassUid') class_uid: 6003;
  @OneOf(['API Activity'], 'OCSFClassName') class_name: 'API Activity';
  @OneOf([6], 'OCSFCategoryUid') category_uid: 6;
  @OneOf(['Application Activity'], 'OCSFCategoryName') category_name: 'Application Activity';
  @OneOf([99], 'OCSFSeverityId') severity_id: 99;
  @OneOf(OCSF_TYPES, 'OCSFTypeUid') type_uid: (typeof OCSF_TYPES)[number];
  @OneOf(OCSF_ACTIVITIES, 'OCSFActivityId') activity_id: (typeof OCSF_ACTIVITIES)[number];
  @Text() activity_name: string;
  @OneOf(OCSF_STATUSES, 'OCSFStatusId') status_id: (typeof OCSF_STATUSES)[number];
  @Text() status: string;
  @Integer() time: number;
  @Nested(() => OCSFMetadata) metadata: OCSFMetadata;
  @Nested(() => OCSFApi) api: OCSFApi;
  @Nested(() => OCSFHttpRequest) http_request: OCSFHttpRequest;
  @Nested(() => OCSFHttpResponse) http_response: OCSFHttpResponse;
  @Nested(() => OCSFActor) actor: OCSFActor;
  @Nested(() => OCSFEndpoint) src_endpoint: OCSFEndpoint;
  @ListOf(() => OCSFResourceDetails) resources: OCSFResourceDetails[];
  @Nested(() => OCSFUnmapped) unmapped: OCSFUnmapped;
}

export class ListAuditLogsOCSFResponse {
  @Text({ nullable: true }) cursor: string | null;
  @ListOf(() => OCSFApiActivity) items: OCSFApiActivity[];
}
