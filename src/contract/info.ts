import { defaultsOf } from '../common/http/operations/field.decorator.js';
import {
  Decimal,
  Flag,
  Instant,
  Integer,
  Mapping,
  Nested,
  NULLISH,
  Text,
} from '../common/http/operations/fields.decorator.js';

export class BatchIngestConfig {
  @Flag({ default: true }) use_multipart_endpoint?: boolean;
  @Integer({ default: 1000 }) scale_up_qsize_trigger?: number;
  @Integer({ default: 16 }) scale_up_nthreads_limit?: number;
  @Integer({ default: 4 }) scale_down_nempty_trigger?: number;
  @Integer({ default: 100 }) size_limit?: number;
  @Integer({ default: 20971520 }) size_limit_bytes?: number;
}

export class CustomerInfo {
  @Text() customer_id: string;
  @Text() customer_name: string;
}

export class InfoGetResponse {
  @Text() version: string;
  @Text(NULLISH) git_sha?: string | null;
  @Instant(NULLISH) license_expiration_time?: string | null;
  @Nested(() => BatchIngestConfig, { default: defaultsOf(BatchIngestConfig) })
  batch_ingest_config?: BatchIngestConfig;
  @Mapping({ optional: true }) instance_flags?: Record<string, unknown>;
  @Nested(() => CustomerInfo, NULLISH) customer_info?: CustomerInfo | null;
}

export class HealthInfoGetResponse {
  @Decimal() clickhouse_disk_free_pct: number;
  /**
   * Not published: whether the last request to the identity provider succeeded; absent without single sign-on or before
   * the first request.
   */
  @Flag({ optional: true }) identity_provider_reachable?: boolean;
}
