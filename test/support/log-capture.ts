/** Everything that is written to stdout and stderr while `work` runs: what an operator would find in his logs. */
export async function loggedDuring(work: () => Promise<unknown>): Promise<string> {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr] as const;
  const originals = streams.map((stream) => stream.write.bind(stream));
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      written.push(String(chunk));
      return true;
    };
  }
  try {
    await work();
  } finally {
    streams.forEach((stream, index) => (stream.write = originals[index]!));
  }
  return written.join('');
}
