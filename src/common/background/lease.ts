/** How long after the end of a process another one continues its work. */
export const LEASE_SECONDS = 12;
const RENEW_MS = 4_000;

/** Renews a lease while the work runs. A renewal that has begun is awaited; a failed one is repeated. */
export async function whileRenewing<T>(renew: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  let renewal: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => void (renewal = renewal.then(renew).catch(() => undefined)), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await renewal;
  }
}
