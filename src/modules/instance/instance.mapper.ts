import { defaultsOf } from '../../common/http/fields.js';
import { type FeatureFlags, instanceFlags } from '../../config/feature-flags.js';
import { BatchIngestConfig, type HealthInfoGetResponse, type InfoGetResponse } from '../../contract/info.js';
import { version } from '../../version.js';

export const toInfo = (flags: FeatureFlags): InfoGetResponse => ({
  version,
  batch_ingest_config: defaultsOf(BatchIngestConfig),
  instance_flags: instanceFlags(flags),
});

/** Clients require the first field, percent with two digits; there is no ClickHouse here, so it tells of our own disk. */
export const toHealth = (freeShare: number, isProviderReachable: boolean | null): HealthInfoGetResponse => ({
  clickhouse_disk_free_pct: Math.round(freeShare * 10_000) / 100,
  ...(isProviderReachable === null ? {} : { identity_provider_reachable: isProviderReachable }),
});
