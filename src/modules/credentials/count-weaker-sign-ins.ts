import { Injectable } from '@nestjs/common';
import { OrgsRepository, type RequirementChanges, withChanges } from '../orgs/index.js';
import { CredentialsReadModel, type WeakerCounts } from './credentials.read-model.js';

@Injectable()
export class CountWeakerSignIns {
  constructor(
    private readonly credentials: CredentialsReadModel,
    private readonly orgs: OrgsRepository,
  ) {}

  /** What would stay valid if the organization required this of sign-ins; undefined fields stay as they are. */
  async run(orgId: string, changes: RequirementChanges): Promise<WeakerCounts> {
    return this.credentials.countWeaker(orgId, withChanges(await this.orgs.get(orgId), changes));
  }
}
