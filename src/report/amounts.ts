/** Numbers, times, durations and shares as people read them, in every language the same. */

const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** A duration in its two largest units: `2 h 5 min`, `3 min 0 s`. Below a minute with a tenth: `4.2 s`. */
export function duration(ms: number): string {
  if (ms < 59_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000) * 1000;
  const first = Math.max(
    0,
    UNITS.findIndex((unit) => seconds >= unit.ms),
  );
  let rest = seconds;
  const parts = UNITS.slice(first, first + 2).map((unit) => {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    return `${count} ${unit.name}`;
  });
  return parts.join(' ');
}

/** The part of a whole in percent, with a tenth. 100 % only for the whole. Undefined if there is no whole. */
export function percent(part: number, whole: number): string | undefined {
  if (whole <= 0) return undefined;
  const tenths = Math.round((1000 * part) / whole);
  return `${(part < whole ? Math.min(tenths, 999) : tenths) / 10} %`;
}

/** The local date and time: `2026-11-26 12:05:09`. */
export function localTime(time: number): string {
  const date = new Date(time);
  const pad = (part: number) => String(part).padStart(2, '0');
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  return `${day} ${timeOfDay(time)}`;
}

/** The local time: `12:05:09`. */
export function timeOfDay(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/**
 * A whole number with commas between groups of three digits, in every language. Never negative: a process that was
 * killed between storing and counting leaves a size that is wrong until the next cleaning.
 */
export function grouped(value: number): string {
  return String(Math.max(0, Math.round(value))).replace(/\B(?=(\d{3})+$)/g, ',');
}

const BINARY_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes in the unit of 1024 that fits it, as limits are given: `22.3 KiB`. Never negative. */
export function fileSize(bytes: number): string {
  let size = Math.max(0, bytes);
  let unit = 0;
  // What would be rounded to the next unit is shown in it.
  while (size >= 1023.95 && unit < BINARY_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? grouped(size) : size.toFixed(1)} ${BINARY_UNITS[unit]}`;
}
