import { Injectable, type Type } from '@nestjs/common';

type Handler<Event> = (event: Event) => Promise<void>;

/**
 * Delivers events to modules that the publishing module may not import. Handlers run in the transaction of the change,
 * in the order of subscription, so that their changes commit or roll back with it; they use the database only
 * (docs/decisions/0031).
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
