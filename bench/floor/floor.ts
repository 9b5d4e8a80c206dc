import { type Postgres, withClient } from '../database.ts';
import { type ServerProcess, start } from '../processes.ts';
import { fillFloor } from './floor-data.ts';

/** The floor with its own database; `key` and `token` are recognized by it. */
export type Floor = { server: ServerProcess; key: string; token: string };

/** `info`: the body that it sends for `/info`. */
export async function startFloor(postgres: Postgres, info: string): Promise<Floor> {
  const databaseUrl = await postgres.createDatabase('floor');
  const secrets = { key: 'the-key-of-the-floor', token: 'the-token-of-the-floor' };
  await withClient(databaseUrl, (client) => fillFloor(client, secrets));
  const server = await start(['bench/floor/floor-server.ts'], { DATABASE_URL: databaseUrl, INFO: info });
  return { server, ...secrets };
}
