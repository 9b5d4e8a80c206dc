import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';

/**
 * A process that runs the built server for the tests, as often as they ask. Jest loads every import anew for each test
 * file, which for Nest and TypeORM takes longer than most files' tests; here they are loaded once. Speaks JSON on a
 * port of its own.
 */
const { createApp } = await import('../../dist/src/app.setup.js');
const { AdminCommands } = await import('../../dist/src/common/admin/admin-commands.js');
const { loadConfig } = await import('../../dist/src/config/load-config.js');
const { createDataSource } = await import('../../dist/src/data-source.js');
const { Bootstrap } = await import('../../dist/src/modules/instance/index.js');
const { endpointsOf } = await import('./endpoints.mjs');

/** By address. */
const servers = new Map();
const written = captureOutput();

/**
 * The same hashing at a hundredth of the cost: tests make thousands of accounts. A test about the queue of hashes gives
 * `TEST_HASHING_PASSES`, for hashes that take longer, and `TEST_WAITING_LOGINS`, for a short queue.
 */
function withTestHashing(config, { TEST_HASHING_PASSES: passes = '1', TEST_WAITING_LOGINS: waitingLogins }) {
  const { hashQueue } = config.basicAuth;
  const hashing = { memoryKib: 256, passes: Number(passes) };
  const queue = waitingLogins === undefined ? {} : { waitingLogins: Number(waitingLogins) };
  return { ...config, basicAuth: { ...config.basicAuth, hashing, hashQueue: { ...hashQueue, ...queue } } };
}

/** The application on a database that is migrated already. */
async function make({ environment, databaseUrl }) {
  const config = withTestHashing(
    loadConfig({ DATA_DIR: tmpdir(), ...environment, DATABASE_URL: databaseUrl }),
    environment,
  );
  const dataSource = await createDataSource(databaseUrl, 20, config.database.limits)
    .setOptions({ migrations: [] })
    .initialize();
  return { dataSource, app: await createApp(config, dataSource) };
}

/** As `main` does it. */
async function start({ environment, databaseUrl }) {
  const { app, dataSource } = await make({ environment, databaseUrl });
  await app.get(Bootstrap).run();
  await app.listen(environment.PORT ?? 0, '127.0.0.1');
  const url = `http://127.0.0.1:${app.getHttpServer().address().port}`;
  servers.set(url, { app, counts: countsOf(dataSource.driver.master) });
  return { url };
}

/** What the server asks of its database from now on. PostgreSQL says that it is ready again after each statement. */
function countsOf(pool) {
  const counts = { queries: 0, statements: 0 };
  const heard = new WeakSet();
  pool.on('acquire', (client) => {
    counts.queries++;
    if (!heard.has(client)) client.connection.on('readyForQuery', () => counts.statements++);
    heard.add(client);
  });
  return counts;
}

async function stop({ url }) {
  const { app } = servers.get(url);
  servers.delete(url);
  await app.close();
  return {};
}

/** A command of the operator, as `npm run admin` does it in a process of its own. `input`: what it reads from stdin. */
async function admin({ environment, databaseUrl, args, input }) {
  const { app } = await make({ environment, databaseUrl });
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true });
  const lines = [];
  const code = await app.get(AdminCommands).run(args, (line) => lines.push(line));
  await app.close();
  return { code, lines };
}

/** What an operator would find in his logs. */
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
  '/output': ({ from }) => ({ text: written.slice(from).join(''), end: written.length }),
};

async function answer(request, response) {
  try {
    const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
    response.end(JSON.stringify(await ANSWERS[request.url](body)));
  } catch (error) {
    response.writeHead(500).end(JSON.stringify({ message: error.message, stack: error.stack }));
  }
}

const control = createServer((request, response) => void answer(request, response));
control.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${control.address().port}`));
process.on('disconnect', () => process.exit());
