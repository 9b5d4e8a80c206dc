import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AdminCommands } from './admin/admin-commands.js';
import { Drain } from './http/drain.js';
import { EventBus } from './events/event-bus.js';
import { Mailer, type MailServer } from './mail/mailer.js';
import { HashQueue, type HashQueueBounds } from './secrets/hash-queue.js';
import { Argon2PasswordHasher, type HashingCost, PasswordHasher } from './secrets/password-hasher.js';

type Settings = {
  /** Null: no mail is sent. */
  readonly mailServer: MailServer | null;
  readonly hashing: HashingCost;
  readonly hashQueue: HashQueueBounds;
};

/** Infrastructure that every module may use. */
@Global()
@Module({})
export class CommonModule {
  static forRoot({ mailServer, hashing, hashQueue }: Settings): DynamicModule {
    return {
      module: CommonModule,
      providers: [
        EventBus,
        AdminCommands,
        Drain,
        { provide: Mailer, useFactory: () => new Mailer(mailServer) },
        {
          provide: PasswordHasher,
          useFactory: () => new Argon2PasswordHasher(hashing, new HashQueue(hashQueue)),
        },
      ],
      exports: [EventBus, AdminCommands, Drain, Mailer, PasswordHasher],
    };
  }
}
