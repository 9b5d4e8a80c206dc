import { Injectable } from '@nestjs/common';
import { newId } from '../../../database/statements/new-id.js';
import { Sql } from '../../../database/transactions/sql.js';
import type { InvitationEmail } from './invitation-email.js';
import { CLAIM_HANDOVER, FIND_DUE, INSERT, RELEASE_HANDOVER, REMOVE } from './invitation-mail.statements.js';

/** Decides whether a mail is still due, with one conditional update, so that concurrent workers send it once. */
@Injectable()
export class InvitationMailsRepository {
  constructor(private readonly sql: Sql) {}

  /** Creates a new mail for each invitation and returns the mail ids. Replaces an older mail that is still due. */
  async insert(invitationIds: readonly string[]): Promise<string[]> {
    const jobIds = invitationIds.map(() => newId());
    await this.sql.affected(INSERT, [invitationIds, jobIds]);
    return jobIds;
  }

  async remove(invitationIds: readonly string[]): Promise<void> {
    await this.sql.affected(REMOVE, [invitationIds]);
  }

  /** Null if it is no longer due: sent, resent, or the invitation has ended. */
  findDue(jobId: string): Promise<InvitationEmail | null> {
    return this.sql.row<InvitationEmail>(FIND_DUE, [jobId]);
  }

  /** False if it is no longer due. After true, no other worker sends it. */
  async claimHandover(jobId: string): Promise<boolean> {
    return (await this.sql.affected(CLAIM_HANDOVER, [jobId])) === 1;
  }

  /** Called if the mail server refused the mail. */
  async releaseHandover(jobId: string): Promise<void> {
    await this.sql.affected(RELEASE_HANDOVER, [jobId]);
  }
}
