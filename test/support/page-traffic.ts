import type { CDPSession, Page } from 'playwright-core';

type Loaded = { readonly url: string; readonly begin: number; readonly end: number; readonly bytes: number };

/** Much longer than a page works between requests. */
const LATENCY_MS = 400;
/** After that, a page requests nothing more. */
const QUIET_MS = 600;

/** What a page loads over the network; nothing that is in the cache of its browser. */
export class PageTraffic {
  private loaded: Loaded[] = [];
  private readonly open = new Map<string, { readonly url: string; readonly begin: number }>();

  private constructor(
    private readonly page: Page,
    private readonly devtools: CDPSession,
  ) {
    devtools.on('Network.requestWillBeSent', ({ requestId, request: { url }, timestamp: begin }) =>
      this.open.set(requestId, { url, begin }),
    );
    devtools.on('Network.requestServedFromCache', ({ requestId }) => this.open.delete(requestId));
    devtools.on('Network.responseReceived', ({ requestId, response: { fromDiskCache } }) => {
      if (fromDiskCache) this.open.delete(requestId);
    });
    devtools.on('Network.loadingFailed', ({ requestId }) => this.open.delete(requestId));
    devtools.on('Network.loadingFinished', ({ requestId, timestamp: end, encodedDataLength: bytes }) => {
      const request = this.open.get(requestId);
      if (request) this.loaded.push({ ...request, end, bytes });
      this.open.delete(requestId);
    });
  }

  static async of(page: Page): Promise<PageTraffic> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    return new PageTraffic(page, devtools);
  }

  /** Delays each request, but none because of its size. */
  slowDown = () =>
    this.devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: LATENCY_MS,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });

  /** What was requested since the last call, in that order, as soon as nothing more is. */
  async take(): Promise<readonly Loaded[]> {
    let count: number;
    do {
      count = this.loaded.length;
      await this.page.waitForTimeout(QUIET_MS);
    } while (this.open.size > 0 || this.loaded.length > count);
    const taken = this.loaded.toSorted((one, other) => one.begin - other.begin);
    this.loaded = [];
    return taken;
  }
}

export const bytesOf = (requests: readonly Loaded[]): number =>
  requests.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * The most requests of which each began after the one before it had ended. While all take equally long, requests that do not
 * wait for one another overlap.
 */
export function longestChain(requests: readonly Loaded[]): number {
  const lengths: number[] = [];
  for (const { begin } of requests) {
    const before = lengths.filter((_, index) => requests[index]!.end <= begin);
    lengths.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...lengths);
}
