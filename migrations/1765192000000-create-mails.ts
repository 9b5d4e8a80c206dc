import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One outbox for all mails (docs/decisions/0123-one-outbox-for-mails.md). */
export class CreateMails1765192000000 implements MigrationInterface {
  name = 'CreateMails1765192000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table mails (
        id uuid not null,
        kind text not null,
        org_id uuid,
        user_id uuid,
        email text,
        invitation_id uuid,
        about text[] not null default '{}',
        state text not null default 'queued',
        due_at timestamptz not null default now(),
        attempts smallint not null default 0,
        settled_at timestamptz,
        code text,
        traceparent text,
        created_at timestamptz not null default now(),
        constraint mails_pkey primary key (id),
        constraint mails_one_per_invitation unique (invitation_id),
        constraint mails_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
        constraint mails_org_id_user_id_fkey foreign key (org_id, user_id)
          references org_memberships(org_id, user_id) on delete cascade,
        constraint mails_invitation_id_fkey foreign key (invitation_id) references invitations(id) on delete cascade,
        constraint mails_state_is_known check (state in ('queued', 'sent', 'refused', 'abandoned')),
        constraint mails_settled_is_complete check ((state = 'queued') = (settled_at is null)))`);
    await runner.query(`create index mails_by_due on mails (kind, due_at) where state = 'queued'`);
    await runner.query('create index mails_by_recipient on mails (org_id, user_id)');
    await runner.query('create index mails_by_age on mails (created_at) where invitation_id is null');
    await runner.query(`
      comment on table mails is 'A mail that is due, or what became of it. Written in the transaction that wants it.'`);
    for (const [column, text] of Object.entries(COMMENTS))
      await runner.query(`comment on column mails.${column} is '${text}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mails');
  }
}

const COMMENTS = {
  id: 'Of this sending: the Message-ID.',
  user_id: 'The member who gets it. Null: it goes to the address in email, or to that of the invitation.',
  email: 'The address of a mail that is not to a member or about an invitation.',
  invitation_id: 'A mail about an invitation. Another sending replaces it.',
  about: 'Ids of what it is about; of a membership in a user group those of group and user, with a slash.',
  state: 'abandoned: it was no longer true when it could be sent, or all attempts have failed.',
  due_at: 'The next attempt. While a process sends it, the time at which another one may.',
  attempts: 'That have begun.',
  settled_at: 'When it was handed to the mail server, refused or abandoned. Null: queued.',
  code: 'Of the reply with which the mail server refused it for good.',
  traceparent: 'Of the request that wants it (W3C Trace Context).',
};
