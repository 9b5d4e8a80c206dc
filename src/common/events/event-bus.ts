import { Injectable, type Type } from '@nestjs/common';

type Handler<Event> = (event: Event) => Promise<void>;

/**
 * Carries news from a module to those above it, which it may not call. Handlers run in the transaction of
 * the change, in the order they subscribed, so that what follows from a change commits or fails with it; they
 * touch the database only (docs/decisions/0003).
 */
@Injectable()
export class EventBus {
  private readonly handlers = new Map<Type, Handler<unknown>[]>();

  on<Event extends object>(event: Type<Event>, handler: Handler<Event>): void {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler as Handler<unknown>]);
  }

  async publish(event: object): Promise<void> {
    for (const handler of this.handlers.get(event.constructor as Type) ?? []) await handler(event);
  }
}
