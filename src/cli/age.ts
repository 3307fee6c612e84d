const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The milliseconds that `90s`, `30m`, `2h` or `3d` mean. Undefined for any other text. */
export function parseAge(text: string): number | undefined {
  const [, number, unit = ''] = /^\s*(\d+)([smhd])\s*$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (UNIT_MS[unit] ?? 0);
}
