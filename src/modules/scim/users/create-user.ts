import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import type { Resource } from '../protocol/resource.js';
import { CreateUsers, type NewScimUser } from './create-users.js';
import { Crowd } from './crowd.js';
import type { ScimUserRow } from './scim-users.repository.js';
import { profileOf } from './user-profile.js';

/** Brings a person into the organization, or takes over one who is in it already. */
@Injectable()
export class CreateUser {
  private readonly crowd: Crowd<NewScimUser, ScimUserRow>;

  constructor(createUsers: CreateUsers) {
    this.crowd = new Crowd((users) => createUsers.run(users));
  }

  /** Throws uniqueness, SeatsUsedUp. */
  run(principal: ScimPrincipal, resource: Resource): Promise<ScimUserRow> {
    return this.crowd.join(principal.orgId, { principal, profile: profileOf(resource) });
  }
}
