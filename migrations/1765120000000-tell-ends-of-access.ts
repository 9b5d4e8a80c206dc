import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ends of access are told with the tables of expiries (docs/contract/members.md#access-that-ends). */
export class TellEndsOfAccess1765120000000 implements MigrationInterface {
  name = 'TellEndsOfAccess1765120000000';

  async up(runner: QueryRunner): Promise<void> {
    await comment(runner, [
      [
        'table expiry_notices',
        'That the expiry of a key or token, or the end of a membership, was told, so that no server tells it again.',
      ],
      [
        'column expiry_notices.credential_id',
        'An API key, SCIM token or membership, which may be deleted since; no foreign key.',
      ],
      [
        'column expiry_notices.expires_at',
        'The expiry that was told. If that of the key or token becomes later, or the end of the membership another, it is told again.',
      ],
      [
        'table expiry_mails',
        'A mail that tells a member which keys and tokens expire, or which memberships end, soon. Deleted with the membership of the member.',
      ],
      [
        'column expiry_mails.credential_ids',
        'API keys and SCIM tokens, or memberships. The mail leaves out those that have ended, or no longer concern the member.',
      ],
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await comment(runner, [
      [
        'table expiry_notices',
        'That the expiry of a key or token was told, so that no server tells it again.',
      ],
      [
        'column expiry_notices.credential_id',
        'An API key or SCIM token, which may be deleted since; no foreign key.',
      ],
      [
        'column expiry_notices.expires_at',
        'The expiry that was told. If that of the key or token becomes later, it is told again.',
      ],
      [
        'table expiry_mails',
        'A mail that tells a member which keys and tokens expire soon. Deleted with the membership.',
      ],
      [
        'column expiry_mails.credential_ids',
        'API keys and SCIM tokens. The mail leaves out those that have ended, or no longer concern the member.',
      ],
    ]);
  }
}

async function comment(
  runner: QueryRunner,
  texts: readonly (readonly [object: string, text: string])[],
): Promise<void> {
  for (const [object, text] of texts) await runner.query(`comment on ${object} is '${text}'`);
}
