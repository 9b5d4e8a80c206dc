import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AdminCommands } from './common/admin/admin-commands.js';
import { Drain } from './common/http/drain.js';
import { EventBus } from './common/events/event-bus.js';
import { Mailer, type MailServer } from './common/mail/mailer.js';
import { type MailAppearance, MailTexts } from './common/mail/texts/mail-texts.js';
import { Metrics } from './common/metrics/metrics.js';
import { HashQueue, type HashQueueBounds } from './common/secrets/hash-queue.js';
import { Argon2PasswordHasher, type HashingCost, PasswordHasher } from './common/secrets/password-hasher.js';

type Settings = {
  /** Null: no mail is sent. */
  readonly mailServer: MailServer | null;
  readonly mailAppearance: MailAppearance;
  readonly hashing: HashingCost;
  readonly hashQueue: HashQueueBounds;
};

/** Infrastructure that every module may use. */
@Global()
@Module({})
export class CommonModule {
  static forRoot({ mailServer, mailAppearance, hashing, hashQueue }: Settings): DynamicModule {
    return {
      module: CommonModule,
      providers: [
        EventBus,
        AdminCommands,
        Drain,
        Metrics,
        {
          provide: Mailer,
          useFactory: (metrics: Metrics) => new Mailer(mailServer, metrics),
          inject: [Metrics],
        },
        { provide: HashQueue, useFactory: () => new HashQueue(hashQueue) },
        { provide: MailTexts, useFactory: () => new MailTexts(mailAppearance) },
        {
          provide: PasswordHasher,
          useFactory: (queue: HashQueue) => new Argon2PasswordHasher(hashing, queue),
          inject: [HashQueue],
        },
      ],
      exports: [EventBus, AdminCommands, Drain, Metrics, Mailer, MailTexts, HashQueue, PasswordHasher],
    };
  }
}
