/** The part of autocannon (the package ships no types) that we use. */
declare module 'autocannon' {
  function autocannon(options: {
    url: string;
    headers: Record<string, string>;
    connections: number;
    /** Seconds. */
    duration: number;
  }): Promise<{
    /** Responses with a status of 200 to 299. */
    '2xx': number;
    non2xx: number;
    /** Connections that broke or timed out. */
    errors: number;
    /** Seconds. */
    duration: number;
  }>;
  export = autocannon;
}
