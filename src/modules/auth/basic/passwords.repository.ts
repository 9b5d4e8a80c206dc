import { Injectable } from '@nestjs/common';
import { Sql } from '../../../database/sql.js';
import { Transaction } from '../../../database/transaction.js';
import { Password } from './password.entity.js';

export type PasswordDigest = { userId: string; digest: string };

/** In id order, so that two transactions meet in one order. */
const INSERT_MISSING = {
  name: 'passwords_insert_missing',
  text: `
    insert into passwords (user_id, digest)
    select * from unnest($1::uuid[], $2::text[]) as given (user_id, digest) order by user_id
    on conflict (user_id) do nothing
    returning user_id`,
};

const UPSERT = {
  name: 'passwords_upsert',
  text: `
    insert into passwords (user_id, digest) values ($1, $2)
    on conflict (user_id) do update set digest = excluded.digest, updated_at = now()`,
};

const LOCK_UNCHANGED = {
  name: 'passwords_lock_unchanged',
  text: 'select user_id from passwords where user_id = $1 and digest = $2 for share',
};

@Injectable()
export class PasswordsRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  find(userId: string): Promise<Password | null> {
    return this.transaction.manager.getRepository(Password).findOneBy({ userId });
  }

  /** The people who had none before. */
  async insertMissing(rows: readonly PasswordDigest[]): Promise<Set<string>> {
    const columns = [rows.map(({ userId }) => userId), rows.map(({ digest }) => digest)];
    const added = await this.sql.rows<{ user_id: string }>(INSERT_MISSING, columns);
    return new Set(added.map((row) => row.user_id));
  }

  async upsert({ userId, digest }: PasswordDigest): Promise<void> {
    await this.sql.affected(UPSERT, [userId, digest]);
  }

  /** False when it was changed meanwhile; otherwise nobody changes it before the transaction ends. */
  async lockUnchanged({ userId, digest }: PasswordDigest): Promise<boolean> {
    return (await this.sql.row(LOCK_UNCHANGED, [userId, digest])) !== null;
  }
}
