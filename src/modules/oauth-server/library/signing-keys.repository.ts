import { generateKeyPairSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { SecretBox } from '../../../common/secrets/secret-box.js';
import { Config } from '../../../config/config.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import type { OauthSigningKey } from '../core/entities.js';

const ALGORITHMS = ['RS256', 'EdDSA'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

/** Published before it signs, so that clients that keep the key set for some minutes know it. */
const PUBLISHED_BEFORE = '10 minutes';
/** Published after it last signed, which is longer than an ID token is valid. */
const PUBLISHED_AFTER = '1 hour';

const IS_REPLACED = `exists (
  select from oauth_signing_keys n
  where n.alg = k.alg and n.signs_from > k.signs_from and n.signs_from < clock_timestamp() - interval '${PUBLISHED_AFTER}')`;

/** The key that signs is the first of its algorithm. */
const PUBLISHED = named('oauth_signing_keys_published')`
  select k.kid, k.alg, k.public_key as "publicKey", k.private_key as "privateKey" from oauth_signing_keys k
  where not ${IS_REPLACED}
  order by k.alg desc, k.signs_from <= clock_timestamp() desc, k.signs_from desc, k.kid`;

const REMOVE_REPLACED = {
  ...named('oauth_signing_keys_remove_replaced')`delete from oauth_signing_keys k where ${IS_REPLACED}`,
  limit: Infinity,
};

const INSERT = named('oauth_signing_keys_insert')`
  insert into oauth_signing_keys (kid, alg, public_key, private_key, signs_from)
  select $1, $2, $3, $4, clock_timestamp() +
    case when exists (select from oauth_signing_keys where alg = $2) then interval '${PUBLISHED_BEFORE}' else interval '0' end`;

const ARE_OLD = named('oauth_signing_keys_are_old')`
  select coalesce(max(created_at) < now() - interval '90 days', true) as "areOld" from oauth_signing_keys`;

/** The keys of ID tokens, private ones encrypted with the salt of the installation. */
@Injectable()
export class SigningKeysRepository {
  private readonly secrets: SecretBox;

  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
    { apiKeys }: Config,
  ) {
    this.secrets = new SecretBox(apiKeys.salt, 'signing keys of the authorization server');
    removals.addSweep('replaced signing keys', REMOVE_REPLACED);
  }

  /** Private JWKs of all published keys; the first of each algorithm signs. Those of another salt are left out. */
  async listPublished(): Promise<JWK[]> {
    const rows = await this.sql.rows<OauthSigningKey>(PUBLISHED, []);
    return rows.flatMap(({ privateKey }) => {
      const text = this.secrets.decrypt(privateKey);
      return text === null ? [] : [JSON.parse(text) as JWK];
    });
  }

  async areOld(): Promise<boolean> {
    return (await this.sql.one<{ areOld: boolean }>(ARE_OLD, [])).areOld;
  }

  /** One of each algorithm, which signs after ten minutes, or at once if there is none. */
  async create(): Promise<void> {
    for (const alg of ALGORITHMS) {
      const { publicKey, privateKey } = generate(alg);
      const publicJwk: JWK = publicKey.export({ format: 'jwk' });
      const kid = await calculateJwkThumbprint(publicJwk);
      const members = { alg, kid, use: 'sig' };
      const secret = this.secrets.encrypt(
        JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...members }),
      );
      await this.sql.affected(INSERT, [kid, alg, { ...publicJwk, ...members }, secret]);
    }
  }
}

const generate = (alg: Algorithm) =>
  alg === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
