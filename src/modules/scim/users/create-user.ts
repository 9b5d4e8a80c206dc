import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { LinkedIssuer } from '../linked-issuer.js';
import type { Resource } from '../protocol/resource.js';
import { CreateUsers, type NewScimUser } from './create-users.js';
import { BatchQueue } from '../../../common/background/batch-queue.js';
import type { ScimUserRow } from './scim-users.repository.js';
import { profileOf } from './user-profile.js';

/** Adds a user to the organization, or takes over one who is already a member. */
@Injectable()
export class CreateUser {
  private readonly queue: BatchQueue<NewScimUser, ScimUserRow>;

  constructor(
    createUsers: CreateUsers,
    private readonly issuer: LinkedIssuer,
  ) {
    this.queue = new BatchQueue((users) => createUsers.run(users));
  }

  /** @throws SeatLimitReached, ScimError uniqueness */
  async run(principal: ScimPrincipal, resource: Resource): Promise<ScimUserRow> {
    const profile = profileOf(resource);
    await this.issuer.load();
    return this.queue.enqueue(principal.credential.id, { principal, profile }); // recognised once for the whole batch
  }
}
