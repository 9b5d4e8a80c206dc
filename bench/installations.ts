import type pg from 'pg';
import { type Postgres, startPostgres, withClient } from './database.ts';
import { orgAdminKey, personalToken, workspaceAdminKey } from './keys.ts';
import {
  markDefaultOrganization,
  findFirstOrganization,
  insertMemberships,
  insertUsers,
} from './seed-data.ts';
import { type BetterAuth, startBetterAuth } from './better-auth/better-auth.ts';
import { type Floor, startFloor } from './floor/floor.ts';
import { startPlainFastify } from './peers/plain-fastify.ts';
import { type ServerProcess, startTenantry } from './processes.ts';

/** A server with a database of its own, whose default organization has 10,000 members in one workspace. */
export type Installation = {
  server: ServerProcess;
  databaseUrl: string;
  orgId: string;
  workspaceId: string;
  adminKey: string;
  workspaceAdminKey: string;
  /** Of an Organization User with one workspace. */
  personalToken: string;
};

/** The servers that every part of the benchmark can use. */
export type BenchContext = {
  postgres: Postgres;
  /** All processes of our server that were started. */
  servers: ServerProcess[];
  small: Installation;
  /** The floor, started by the first part that needs it. */
  floor: () => Promise<Floor>;
  /** Fastify alone, likewise. */
  plainFastify: () => Promise<ServerProcess>;
  /** Better Auth, likewise; null if it cannot be installed. */
  betterAuth: () => Promise<BetterAuth | null>;
};

/** Runs `work` with a new database and new servers, and stops them all, also after an error or SIGINT. */
export async function withInstallations<T>(work: (context: BenchContext) => Promise<T>): Promise<T> {
  const postgres = await startPostgres();
  const servers: ServerProcess[] = [];
  const peers: ServerProcess[] = [];
  const leave = async () => {
    await Promise.all([...servers, ...peers].map(({ stop }) => stop()));
    await postgres.stop();
  };
  process.once('SIGINT', () => void leave().finally(() => process.exit(130)));
  try {
    const small = await install({ postgres, servers }, 'small');
    const info = once(async () => (await fetch(`${small.server.url}/info`)).text());
    const floor = once(async () => kept(peers, await startFloor(postgres, await info())));
    const plainFastify = once(async () => {
      const server = await startPlainFastify(await info());
      return kept(peers, { server }).server;
    });
    const betterAuth = once(async () => kept(peers, await startBetterAuth(postgres)));
    return await work({ postgres, servers, small, floor, plainFastify, betterAuth });
  } finally {
    await leave();
  }
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

function kept<T extends { server: ServerProcess } | null>(peers: ServerProcess[], started: T): T {
  if (started) peers.push(started.server);
  return started;
}

type InstallOptions = { fill?: (client: pg.Client) => Promise<void>; settings?: NodeJS.ProcessEnv };

/** Starts a server on a new database, which it migrates; `fill` adds rows. */
export async function install(
  { postgres, servers }: Pick<BenchContext, 'postgres' | 'servers'>,
  name: string,
  { fill = () => Promise.resolve(), settings }: InstallOptions = {},
): Promise<Installation> {
  const databaseUrl = await postgres.createDatabase(name);
  const server = await startTenantry(databaseUrl, settings);
  servers.push(server);
  return withClient(databaseUrl, async (client) => {
    await markDefaultOrganization(client);
    const place = await findFirstOrganization(client);
    await insertUsers(client, 10_000);
    await insertMemberships(client);
    const keys = {
      adminKey: await orgAdminKey(client, place),
      workspaceAdminKey: await workspaceAdminKey(client, place),
      personalToken: await personalToken(client, place),
    };
    await fill(client);
    await client.query('vacuum analyze'); // as autovacuum does soon after
    return { server, databaseUrl, ...place, ...keys };
  });
}
