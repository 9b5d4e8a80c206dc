import { Global, Module } from '@nestjs/common';
import { EventBus } from './events/event-bus.js';
import { Argon2PasswordHasher, PasswordHasher } from './secrets/password-hasher.js';

/** Plumbing every module may use. */
@Global()
@Module({
  providers: [EventBus, { provide: PasswordHasher, useClass: Argon2PasswordHasher }],
  exports: [EventBus, PasswordHasher],
})
export class CommonModule {}
