import { defaultsOf } from '../../common/http/fields.decorator.js';
import { type FeatureFlags, instanceFlags } from '../../config/feature-flags.js';
import { BatchIngestConfig, type HealthInfoGetResponse, type InfoGetResponse } from '../../contract/info.js';
import { isClockWrong } from '../../database/readiness-probe.js';
import { version } from '../../version.js';

export const toInfo = (flags: FeatureFlags): InfoGetResponse => ({
  version,
  batch_ingest_config: defaultsOf(BatchIngestConfig),
  instance_flags: instanceFlags(flags),
});

/** `clock`: where it differs by more than a minute from the database's, which decides (contract decision 54). */
export const toHealthDetails = (clockAheadMs: number) => ({
  status: 'ok',
  clock: isClockWrong(clockAheadMs)
    ? `${Math.round(clockAheadMs / 1000)} s ahead of the database's`
    : 'as the database’s',
});

/** Clients require the first field, percent with two digits; there is no ClickHouse here, so it tells of our own disk. */
export const toHealth = (freeShare: number, isProviderReachable: boolean | null): HealthInfoGetResponse => ({
  clickhouse_disk_free_pct: Math.round(freeShare * 10_000) / 100,
  ...(isProviderReachable === null ? {} : { identity_provider_reachable: isProviderReachable }),
});
