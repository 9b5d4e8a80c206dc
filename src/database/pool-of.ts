import type { Pool, PoolConfig } from 'pg';
import type { DataSource } from 'typeorm';

/** The pool of pg within TypeORM's driver, which does not declare it. */
export const poolOf = ({ driver }: DataSource): Pool & { readonly options: PoolConfig & { max: number } } =>
  (driver as unknown as { master: Pool & { options: PoolConfig & { max: number } } }).master;
