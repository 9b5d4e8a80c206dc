import { Injectable } from '@nestjs/common';
import { Sql } from '../../../../database/transactions/sql.js';
import type { ApiKey } from '../core/entities.js';

/**
 * Compares with the clock, not with the start of the transaction, which may have waited for a lock. The secret before
 * the current one stays valid for the overlap; what was before that one ends.
 */
const ROTATE = {
  name: 'api_keys_rotate',
  text: `
    update api_keys set digest = $3, short_key = $4, rights_end_at = least(rights_end_at, $6),
      previous_digest = case when $5::int > 0 then digest end,
      previous_ends_at = case when $5::int > 0 then least(expires_at, clock_timestamp() + make_interval(hours => $5::int)) end
    where org_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())
    returning short_key as "shortKey", previous_ends_at as "previousEndsAt"`,
};

@Injectable()
export class RotatedKeysRepository {
  constructor(private readonly sql: Sql) {}

  /** Null if the key has expired, or has been revoked or deleted. */
  async rotate<Key extends ApiKey>(
    key: Key,
    { digest, shortKey, rightsEndAt }: Pick<ApiKey, 'digest' | 'shortKey' | 'rightsEndAt'>,
    overlapHours: number,
  ): Promise<Key | null> {
    const values = [key.orgId, key.id, digest, shortKey, overlapHours, rightsEndAt];
    const rotated = await this.sql.row<Pick<ApiKey, 'shortKey' | 'previousEndsAt'>>(ROTATE, values);
    return rotated && { ...key, ...rotated };
  }
}
