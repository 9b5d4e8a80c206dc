import type { Sample } from './samples.js';

type Point = { readonly x: number; readonly y: number };
type Line = { readonly name: string; readonly points: readonly Point[] };
type Band = { readonly from: number; readonly to: number };

const [WIDTH, HEIGHT] = [760, 220];
const [LEFT, TOP, GAP, RIGHT] = [60, 40, 80, 190];
const COLORS = ['#1c7ed6', '#e8590c', '#2f9e44', '#ae3ec9', '#f08c00', '#495057'];
const LARGEST_TABLES = 6;

/** Two charts over the time: the memory of each server, and the largest tables. Faults are grey. */
export function drawSoak(samples: readonly Sample[], faults: readonly Band[], title: string): string {
  const memory = (samples[0]?.memory ?? []).map((_, index) => ({
    name: `server ${index + 1}`,
    points: samples.flatMap(({ seconds, memory: each }) => pointAt(seconds, each[index])),
  }));
  const largest = Object.entries(samples.at(-1)?.tables ?? {})
    .sort(([, left], [, right]) => right - left)
    .slice(0, LARGEST_TABLES);
  const tables = largest.map(([name]) => ({
    name,
    points: samples.flatMap(({ seconds, tables: each }) => pointAt(seconds, each[name])),
  }));
  const end = Math.max(1, ...samples.map(({ seconds }) => seconds));
  const height = TOP + 2 * (HEIGHT + GAP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + WIDTH + RIGHT}" height="${height}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${LEFT}" y="20" font-size="14">${title}</text>`,
    ...chart('Memory of each server, MB', memory, faults, end, TOP + 20),
    ...chart('Largest tables with their indexes, MB', tables, faults, end, TOP + HEIGHT + GAP + 20),
    '</svg>',
  ].join('\n');
}

const pointAt = (x: number, y: number | null | undefined): Point[] => (y == null ? [] : [{ x, y }]);

function chart(
  title: string,
  lines: readonly Line[],
  bands: readonly Band[],
  end: number,
  top: number,
): string[] {
  const largest = Math.max(0.1, ...lines.flatMap(({ points }) => points.map((point) => point.y)));
  const step = stepFor(largest);
  const values = Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => index * step);
  const most = values.at(-1) ?? 1;
  const x = (seconds: number) => (LEFT + (seconds / end) * WIDTH).toFixed(1);
  const y = (value: number) => (top + HEIGHT - (value / most) * HEIGHT).toFixed(1);
  return [
    `<text x="${LEFT}" y="${top - 8}">${title}</text>`,
    ...bands.map(
      ({ from, to }) =>
        `<rect x="${x(from)}" y="${top}" width="${Math.max(1, ((to - from) / end) * WIDTH).toFixed(1)}" height="${HEIGHT}" fill="#e9ecef"/>`,
    ),
    ...values.flatMap((value) => [
      `<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y(value)}" y2="${y(value)}" stroke="#ced4da"/>`,
      `<text x="${LEFT - 8}" y="${y(value)}" text-anchor="end" dy="4">${Number(value.toFixed(2))}</text>`,
    ]),
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (part) =>
        `<text x="${x(end * part)}" y="${top + HEIGHT + 18}" text-anchor="middle">${clock(end * part)}</text>`,
    ),
    ...lines.flatMap(({ name, points }, index) => {
      const color = COLORS[index % COLORS.length];
      const path = points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ');
      const labelAt = top + 14 + index * 18;
      return [
        `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
        `<rect x="${LEFT + WIDTH + 16}" y="${labelAt - 9}" width="10" height="10" fill="${color}"/>`,
        `<text x="${LEFT + WIDTH + 32}" y="${labelAt}">${name}</text>`,
      ];
    }),
  ];
}

/** For three to eight lines: 1, 2 or 5 times a power of ten. */
function stepFor(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(largest / 3));
  return ([5, 2].find((factor) => largest / (factor * power) >= 3) ?? 1) * power;
}

const clock = (seconds: number) =>
  seconds < 600
    ? `${Math.round(seconds)} s`
    : `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')} h`;
