import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';

/**
 * A process that runs the built server for the tests. Jest loads every import again for each test file, which for Nest
 * and TypeORM takes longer than most files' tests; here they are loaded once. Accepts JSON on its own port.
 */
const { createApp } = await import('../../dist/src/app.setup.js');
const { AdminCommands } = await import('../../dist/src/common/admin-commands.js');
const { loadConfig } = await import('../../dist/src/config/config.js');
const { createDataSource } = await import('../../dist/src/data-source.js');
const { Bootstrap } = await import('../../dist/src/modules/instance/index.js');
/** Undefined where the cache was removed. */
const { AccessLease } = existsSync(new URL('../../dist/src/optional/access-cache/', import.meta.url))
  ? await import('../../dist/src/optional/access-cache/access-lease.js')
  : {};
const { endpointsOf } = await import('./endpoints.mjs');

/** Running servers by their URL. */
const servers = new Map();
const written = captureOutput();

/**
 * Hashing at a hundredth of the cost: tests create thousands of accounts. A test of the hash queue sets
 * `TEST_HASHING_PASSES` for slower hashes and `TEST_WAITING_LOGINS` for a short queue. Servers look for webhooks and log
 * streams of other servers only if `TEST_LOOK_EVERY_MS` says so: the statements would be counted. What is past its
 * retention is removed as often as `TEST_REMOVAL_EVERY_MS` says.
 */
function forTests(config, environment) {
  const {
    TEST_HASHING_PASSES: passes = '1',
    TEST_WAITING_LOGINS: waitingLogins,
    TEST_LOOK_EVERY_MS: lookEveryMs = '3600000',
    TEST_REMOVAL_EVERY_MS: removalEveryMs,
  } = environment;
  const { hashQueue } = config.basicAuth;
  const hashing = { memoryKib: 256, passes: Number(passes) };
  const removal = removalEveryMs === undefined ? {} : { intervalSeconds: Number(removalEveryMs) / 1000 };
  const queue = waitingLogins === undefined ? {} : { waitingLogins: Number(waitingLogins) };
  return {
    ...config,
    basicAuth: { ...config.basicAuth, hashing, hashQueue: { ...hashQueue, ...queue } },
    receivers: { lookEveryMs: Number(lookEveryMs) },
    retention: { ...config.retention, ...removal },
  };
}

/** The application on a migrated database. With `DATABASE_POOL_SIZE`, its pool is as small as the test asks for. */
async function make({ environment, databaseUrl }) {
  const config = forTests(
    loadConfig({ DATA_DIR: tmpdir(), LOG_LEVEL: 'warning', ...environment, DATABASE_URL: databaseUrl }),
    environment,
  );
  const poolSize = Number(environment.DATABASE_POOL_SIZE ?? 20);
  const dataSource = await createDataSource(databaseUrl, poolSize, config.database.limits)
    .setOptions({ migrations: [] })
    .initialize();
  return { dataSource, app: await createApp(config, dataSource) };
}

/** Starts the application as `main` does. */
async function start({ environment, databaseUrl }) {
  const { app, dataSource } = await make({ environment, databaseUrl });
  await app.get(Bootstrap).run();
  await app.listen(environment.PORT ?? 0, '127.0.0.1');
  const url = `http://127.0.0.1:${app.getHttpServer().address().port}`;
  servers.set(url, { app, databaseUrl, counts: countsOf(dataSource.driver.master) });
  return { url };
}

/**
 * Counts acquired connections, statements and round trips from now on; PostgreSQL sends CommandComplete after each
 * statement, and ReadyForQuery at the end of a round trip.
 */
function countsOf(pool) {
  const counts = { queries: 0, statements: 0, roundTrips: 0 };
  const heard = new WeakSet();
  pool.on('acquire', (client) => {
    counts.queries++;
    if (heard.has(client)) return;
    client.connection.on('commandComplete', () => counts.statements++);
    client.connection.on('readyForQuery', () => counts.roundTrips++);
    heard.add(client);
  });
  return counts;
}

/**
 * Lets the servers on the database read their change log now, and not within the next 50 ms. `areApplied`: one has found
 * that no other one, of whichever process, has yet to read a change.
 */
async function applyAccessChanges({ databaseUrl }) {
  const concerned = [...servers.values()].filter((server) => server.databaseUrl === databaseUrl);
  if (!AccessLease) return { areApplied: true };
  const found = await Promise.all(concerned.map(({ app }) => app.get(AccessLease).applyChanges()));
  return { areApplied: found.some((changes) => changes?.isUnseen === false) };
}

async function stop({ url }) {
  const { app } = servers.get(url);
  servers.delete(url);
  await app.close();
  return {};
}

/** Runs an operator's command, as `npm run admin` does in a separate process. `input`: the content of stdin. */
async function admin({ environment, databaseUrl, args, input }) {
  const { app } = await make({ environment, databaseUrl });
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true });
  const lines = [];
  const code = await app.get(AdminCommands).run(args, (line) => lines.push(line));
  await app.close();
  return { code, lines };
}

/** Collects everything that is written to stdout and stderr, as an operator would find it in the logs. */
function captureOutput() {
  const chunks = [];
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk) => {
      chunks.push(String(chunk));
      return true;
    };
  }
  return chunks;
}

const ANSWERS = {
  '/start': start,
  '/stop': stop,
  '/admin': admin,
  '/endpoints': ({ url }) => endpointsOf(servers.get(url).app),
  '/counts': ({ url }) => servers.get(url).counts,
  '/access-changes': applyAccessChanges,
  '/coverage': async (test) => (await import('./coverage.mjs')).record(test),
  '/output': ({ from }) => ({ text: written.slice(from).join(''), end: written.length }),
};

async function handle(request, response) {
  try {
    const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
    response.end(JSON.stringify(await ANSWERS[request.url](body)));
  } catch (error) {
    response.writeHead(500).end(JSON.stringify({ message: error.message, stack: error.stack }));
  }
}

const control = createServer((request, response) => void handle(request, response));
control.keepAliveTimeout = 0; // else an idle connection can be closed while the test sends its next request
control.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${control.address().port}`));
process.on('disconnect', () => process.exit());
