const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** A size in decimal units with three significant figures: `1.23 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return `${Math.round(value)} B`;
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${units[unit]}`;
}

/** A length of time in milliseconds with its two largest units: `3 min 20 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 1) return 'less than 1 s';
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

export const formatDateTime = (value: Date | number): string => exact.format(value);
export const formatDate = (value: Date | number): string => day.format(value);

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** Two clocks that are read one after the other differ a little. */
const SOON_S = 25;
/** How much of a unit may be missing from a whole one: 365 days less a second are a year, not 11 months. */
const SLACK = 0.005;

/** `3 minutes ago`, `in 30 days`; within a minute it is `just now` or `in a moment`. */
export function formatRelative(value: Date | number, now: number): string {
  const seconds = (Number(value) - now) / 1000;
  for (const [unit, size] of steps) {
    const amount = Math.floor(Math.abs(seconds) / size + SLACK);
    if (amount >= 1) return relative.format(seconds < 0 ? -amount : amount, unit);
  }
  return seconds > SOON_S ? 'in a moment' : 'just now';
}

const numbers = new Intl.NumberFormat('en');
export const formatNumber = (value: number): string => numbers.format(value);

/** `1 key`, `3 keys`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** Shortens in the middle, keeping `keep` characters at each end. */
export function shorten(text: string, keep: number): string {
  return text.length <= keep * 2 + 1 ? text : `${text.slice(0, keep)}…${text.slice(-keep)}`;
}
