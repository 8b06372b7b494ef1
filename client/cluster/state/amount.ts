const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity as a plain number, near enough to be drawn; 0 for what is none. */
export function amount(quantity: string | number | undefined): number {
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(quantity ?? ''));
  return match === null ? 0 : Number(match[1]) * (suffixes[match[2] ?? ''] ?? 0);
}

/** CPU in thousandths of a core. */
export function millicores(quantity: string | number | undefined): number {
  return Math.round(amount(quantity) * 1000);
}

/** `250m`, `1.25` cores. */
export function formatCpu(milli: number): string {
  if (milli === 0) return '0';
  return milli < 1000 ? `${milli}m` : String(Math.round(milli / 10) / 100);
}

/** `128 Mi`, `3.7 Gi`. */
export function formatBytes(bytes: number): string {
  if (bytes === 0) return '0';
  const [unit, size] =
    bytes >= 2 ** 40 ? ['Ti', 2 ** 40] : bytes >= 2 ** 30 ? ['Gi', 2 ** 30] : bytes >= 2 ** 20 ? ['Mi', 2 ** 20] : ['Ki', 2 ** 10];
  const value = bytes / size;
  return `${value >= 100 || unit === 'Mi' ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`;
}

/** `4s`, `2m 10s`, `3h 5m`, `3d`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 || minutes >= 10 ? `${minutes}m` : `${minutes}m ${seconds % 60}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 || hours >= 10 ? `${hours}h` : `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d`;
}
