import type { Break } from '../break.js';

const ROTATE_TOKEN = 'src/modules/auth/api-keys/rotation/rotate-token.ts';
const ROTATE_SERVICE_KEY = 'src/modules/auth/api-keys/rotation/rotate-service-key.ts';
const ROTATED = 'src/modules/auth/api-keys/rotation/rotated-keys.repository.ts';
const CALLER_KEYS = 'src/modules/auth/api-keys/core/caller-keys.ts';
const PRINCIPALS = 'src/modules/auth/authentication/principals.statements.ts';
const SCIM_TOKENS = 'src/modules/scim/tokens/scim-tokens.repository.ts';
const tests = ['test/e2e/credential-rotation.e2e.ts'];

/** New secrets of keys and tokens, and for how long the old ones work. */
export const ROTATION: readonly Break[] = [
  {
    id: 'rotation.old-secret-ends-with-the-overlap',
    file: PRINCIPALS,
    find: 'c.previous_digest = $1 and c.previous_ends_at > now())',
    replace: 'c.previous_digest = $1)',
    why: 'A secret that a rotation has replaced would work for ever.',
    tests,
  },
  {
    id: 'rotation.old-secret-ends-in-the-cache',
    file: PRINCIPALS,
    find: 'else least(c.expires_at, c.previous_ends_at) end',
    replace: 'else c.expires_at end',
    why: 'A replica that has cached the old secret would accept it for a minute after its end.',
    tests,
  },
  {
    id: 'rotation.old-scim-token-ends-with-the-overlap',
    file: SCIM_TOKENS,
    find: 't.previous_digest = $1 and t.previous_ends_at > now())',
    replace: 't.previous_digest = $1)',
    why: 'A SCIM token that a rotation has replaced would work for ever.',
    tests,
  },
  {
    id: 'rotation.old-scim-token-ends-in-the-cache',
    file: SCIM_TOKENS,
    find: 'else least(t.expires_at, t.previous_ends_at) end)',
    replace: 'else t.expires_at end)',
    why: 'A replica that has cached the old SCIM token would accept it for a minute after its end.',
    tests,
  },
  {
    id: 'rotation.old-secret-ends-at-once',
    file: ROTATED,
    find: `previous_digest = case when $5::int > 0 then digest end,
      previous_ends_at = case when $5::int > 0`,
    replace: `previous_digest = case when $5::int >= 0 then digest end,
      previous_ends_at = case when $5::int = 0 then now() + interval '1 hour' when $5::int > 0`,
    why: 'A leaked secret would work on after a rotation without an overlap.',
    tests,
  },
  {
    id: 'rotation.not-of-ended-keys',
    file: ROTATED,
    find: 'and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())',
    replace: '',
    why: 'The owner of a revoked token would get a secret that works as soon as it is reinstated.',
    tests,
  },
  {
    id: 'rotation.not-with-replaced-secrets',
    file: CALLER_KEYS,
    find: 'if (usesReplacedSecret()) throw new SecretReplaced();',
    replace: '',
    why: 'Who has a leaked secret would get the new one during the overlap.',
    tests,
  },
  {
    id: 'rotation.no-receiver-with-replaced-secrets',
    file: CALLER_KEYS,
    find: 'if (principal.usesReplacedSecret()) throw new SecretReplaced();',
    replace: '',
    why: 'Who has a leaked secret would have all events sent to an address of theirs, beyond the overlap.',
    tests,
  },
  {
    id: 'rotation.not-with-a-secret-that-is-replaced-meanwhile',
    file: 'src/modules/auth/authentication/principal-loader.ts',
    find: '({ secretIsReplaced, rightsEndAt } = current);',
    replace: '({ rightsEndAt } = current);',
    why: 'A request that waits for the rotation would create a key with the replaced secret.',
    tests,
  },
  {
    id: 'rotation.tokens-by-their-owner',
    file: ROTATE_TOKEN,
    find: 'if (token?.userId === principal.userId) return token;',
    replace: 'if (token) return token;',
    why: 'Every member could get a secret with which they act as somebody else.',
    tests,
  },
  {
    id: 'rotation.tokens-by-themselves-or-their-parent',
    file: ROTATE_TOKEN,
    find: 'if (!isOwnOrParent(principal, token)) throw new RotationOutlivesCaller();',
    replace: 'void isOwnOrParent;',
    why: 'A leaked token would take over the other tokens of its owner, and survive its revocation.',
    tests,
  },
  {
    id: 'rotation.service-keys-within-the-rights-of-the-caller',
    file: ROTATE_SERVICE_KEY,
    find: 'await this.rights.assertMayChange(principal, null, key);',
    replace: '',
    why: 'Who manages the keys of a workspace would get the secret of a key that may do more than they.',
    tests,
  },
  {
    id: 'rotation.service-keys-no-later-than-the-caller',
    file: ROTATE_SERVICE_KEY,
    find: 'if (isOutlivedBy(expiresAt, key)) throw new RotationOutlivesCaller();',
    replace: 'void expiresAt;',
    why: 'A key about to expire would get the secret of one that never does.',
    tests,
  },
  {
    id: 'rotation.scim-tokens-no-later-than-the-caller',
    file: 'src/modules/scim/tokens/scim-tokens.service.ts',
    find: 'if (isOutlivedBy(latest, listed.token)) throw new RotationOutlivesCaller();',
    replace: 'void [latest, isOutlivedBy, RotationOutlivesCaller];',
    why: 'A key about to expire would get the secret of a SCIM token that never does.',
    tests,
  },
  {
    id: 'rotation.old-secret-stays-ended-after-reinstatement',
    file: 'src/modules/auth/api-keys/core/token-families.statements.ts',
    find: 'set revoked_at = null, previous_digest = null, previous_ends_at = null from family',
    replace: 'set revoked_at = null from family',
    why: 'Reinstating a token would bring back the secret that a rotation has replaced.',
    tests,
  },
];
