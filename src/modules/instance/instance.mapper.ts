import { defaultsOf } from '../../common/http/operations/field.decorator.js';
import type { Config } from '../../config/config.js';
import { BatchIngestConfig, type HealthInfoGetResponse, type InfoGetResponse } from '../../contract/info.js';
import { isClockWrong } from '../../database/connection/readiness-probe.js';
import { version } from '../../common/version.js';

/** Only booleans are published (docs/contract/organizations.md#info-flags). */
export const toInfo = (flags: Config['flags']): InfoGetResponse => ({
  version,
  batch_ingest_config: defaultsOf(BatchIngestConfig),
  instance_flags: {
    workspace_scope_org_invites: flags.workspaceScopeOrgInvites ?? false,
    personal_orgs_disabled: flags.personalOrgsDisabled,
    org_creation_disabled: flags.orgCreationDisabled,
    self_hosted_jit_provisioning_enabled: flags.jitProvisioning,
    access_expiry: true,
  },
});

/** `clock` reports a deviation of more than a minute from the database (docs/contract/installation.md#clock). */
export const toHealthDetails = (clockAheadMs: number) => ({
  status: 'ok',
  clock: isClockWrong(clockAheadMs)
    ? `${Math.round(clockAheadMs / 1000)} s ahead of the database's`
    : 'as the database’s',
});

/** Clients require the first field, a percentage with two decimals: there is no ClickHouse, so it is of our disk. */
export const toHealth = (freeShare: number, isProviderReachable: boolean | null): HealthInfoGetResponse => ({
  clickhouse_disk_free_pct: Math.round(freeShare * 10_000) / 100,
  ...(isProviderReachable === null ? {} : { identity_provider_reachable: isProviderReachable }),
});
