import {
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/** A part of a list, and how many there are in all of it. */
class Page<T> {
  constructor(
    readonly rows: readonly T[],
    readonly total: number,
  ) {}
}

export const page = <T>(rows: readonly T[], total: number) => new Page(rows, total);

/** Sends a `Page` as a bare list, with its total in a header: clients know both (semantics, section 17). */
class PageInterceptor implements NestInterceptor<Page<unknown>, readonly unknown[]> {
  intercept(context: ExecutionContext, next: CallHandler<Page<unknown>>): Observable<readonly unknown[]> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map(({ rows, total }) => {
        void reply.header('X-Pagination-Total', String(total));
        return rows;
      }),
    );
  }
}

/** For handlers that answer a `Page`; beside `@Returns([Row])`. */
export const Paged = () => UseInterceptors(new PageInterceptor());
