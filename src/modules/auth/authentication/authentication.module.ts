import { Module } from '@nestjs/common';
import { OidcModule } from '../oidc/index.js';
import { SessionsModule } from '../../sessions/index.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { CredentialResolver } from './credential-resolver.js';
import { PrincipalLoader } from './principal-loader.js';
import { PrincipalsRepository } from './principals.repository.js';
import { WhoamiController } from './whoami.controller.js';

/** Authentication of requests: credential to principal. Access rules of the handlers decide what a principal may do. */
@Module({
  imports: [SessionsModule, OidcModule],
  controllers: [WhoamiController],
  providers: [PrincipalsRepository, CredentialResolver, PrincipalLoader, AuthenticationGuard],
  exports: [AuthenticationGuard, PrincipalLoader],
})
export class AuthenticationModule {}
