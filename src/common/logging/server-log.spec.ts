import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { LogOutput } from './server-log.js';

function makeOutput() {
  const written: string[] = [];
  const output = new LogOutput({ write: (text) => written.push(text) });
  const write = (line: string, level: number) => {
    output.lastLevel = level;
    output.write(line);
  };
  return { output, written, write };
}

const [INFO, WARN] = [30, 40];

describe('LogOutput', () => {
  it('writes the lines of requests that follow each other together', async () => {
    const { output, written } = makeOutput();
    output.append('a\n');
    await pause(0);
    output.append('b\n');
    expect(written).toEqual([]);

    await pause(50);

    expect(written).toEqual(['a\nb\n']);
  });

  it('writes a warning at once, after the lines before it', () => {
    const { output, written, write } = makeOutput();
    output.append('request\n');
    write('info\n', INFO);
    write('warning\n', WARN);

    expect(written).toEqual(['request\ninfo\nwarning\n']);
  });

  it('writes other lines at the end of the turn', async () => {
    const { output, written, write } = makeOutput();
    output.append('request\n');
    write('one\n', INFO);
    write('two\n', INFO);
    expect(written).toEqual([]);

    await new Promise(setImmediate);

    expect(written).toEqual(['request\none\ntwo\n']);
  });

  it('does not collect more than a pipe takes', () => {
    const { output, written } = makeOutput();
    const line = `${'x'.repeat(1023)}\n`;
    for (let n = 0; n < 64; n++) output.append(line);

    expect(written).toEqual([line.repeat(64)]);
  });
});
