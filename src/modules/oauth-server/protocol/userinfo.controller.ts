import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import { InvalidCredential } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Problems } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { UserInfo } from '../../../contract/oauth.js';
import { Library } from '../library/library.js';

/** OpenID Connect Core 1.0, section 5.3, for any access token: no scope is asked for. */
@ApiTags('oauth')
@Problems('oauth')
@Controller('api/v1/userinfo')
export class UserinfoController {
  constructor(private readonly library: Library) {}

  @Get()
  @OrgQuery('in-org', UserInfo)
  getUserinfo(@CurrentPrincipal() principal: OrgPrincipal) {
    return this.describe(principal);
  }

  @Post()
  @HttpCode(200)
  @OrgQuery('in-org', UserInfo)
  postUserinfo(@CurrentPrincipal() principal: OrgPrincipal) {
    return this.describe(principal);
  }

  /** @throws InvalidCredential for other credentials than access tokens */
  private async describe({ credential }: OrgPrincipal): Promise<UserInfo> {
    const person =
      credential.kind === 'application' ? await this.library.describePerson(credential.id) : null;
    if (!person) throw new InvalidCredential();
    return person;
  }
}
