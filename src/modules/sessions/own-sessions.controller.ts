import { Controller, Delete, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, OwnCommand, OwnQuery } from '../../common/access/access.decorator.js';
import type { UserPrincipal } from '../../common/access/principal.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { OwnSession } from '../../contract/sign-in.js';
import { toOwnSession } from './own-session.mapper.js';
import { SessionCookie } from './session-cookie.js';
import { SessionsService } from './sessions.service.js';

/** Not in the published API. Needs a session: a leaked key must not show or end the sessions of its owner. */
@ApiTags('me')
@Controller('api/v1/me/sessions')
export class OwnSessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  @OwnQuery([OwnSession])
  async listOwnSessions(@CurrentPrincipal() principal: UserPrincipal) {
    const sessions = await this.sessions.listOwn(principal);
    return sessions.map((session) => toOwnSession(session, principal.credential.id));
  }

  @Delete(':session_id')
  @OwnCommand('login', 'nothing', { actsInNoOrg: true })
  @Refuses('session_not_found')
  async endOwnSession(@CurrentPrincipal() principal: UserPrincipal, @PathUuid('session_id') id: string) {
    await this.sessions.endOwn(principal, id);
  }

  @Delete()
  @OwnCommand('login', 'nothing', { actsInNoOrg: true })
  async endAllOwnSessions(
    @CurrentPrincipal() principal: UserPrincipal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.sessions.endAllOwn(principal);
    void reply.header('set-cookie', this.cookie.serializeCleared);
  }
}
