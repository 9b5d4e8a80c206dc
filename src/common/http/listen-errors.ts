/**
 * Names the setting that has to change when a port cannot be listened on.
 *
 * @param setting the one of the port
 */
export async function namingSetting<Result>(
  setting: 'PORT' | 'METRICS_PORT',
  { host, port }: { host: string; port: number },
  listen: () => Promise<Result>,
): Promise<Result> {
  try {
    return await listen();
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === 'EADDRINUSE')
      throw new Error(`${setting}: another process uses port ${port} of ${host} (${code})`, { cause });
    if (code === 'EACCES')
      throw new Error(`${setting}: this process may not listen on port ${port} (${code})`, { cause });
    if (NO_ADDRESS.has(code))
      throw new Error(`HOST: ${host} is no address of this machine (${code})`, { cause });
    throw cause;
  }
}

/** By `listen` (2) and `getaddrinfo` (3). */
const NO_ADDRESS: ReadonlySet<string | undefined> = new Set([
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EINVAL',
]);
