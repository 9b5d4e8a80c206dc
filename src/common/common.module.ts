import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { AdminCommands } from './admin/admin-commands.js';
import { Drain } from './http/drain.js';
import { EventBus } from './events/event-bus.js';
import { Mailer } from './mail/mailer.js';
import { HashQueue } from './secrets/hash-queue.js';
import { Argon2PasswordHasher, PasswordHasher } from './secrets/password-hasher.js';

/** Infrastructure that every module may use. */
@Global()
@Module({
  providers: [
    EventBus,
    AdminCommands,
    Drain,
    Mailer,
    {
      provide: PasswordHasher,
      useFactory: ({ basicAuth }: Config) =>
        new Argon2PasswordHasher(basicAuth.hashing, new HashQueue(basicAuth.hashQueue)),
      inject: [Config],
    },
  ],
  exports: [EventBus, AdminCommands, Drain, Mailer, PasswordHasher],
})
export class CommonModule {}
