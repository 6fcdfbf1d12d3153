/** Numbers and times for people. Pure functions. */

/** 12 345 678 -> "12.3 Mbit/s". */
export function bitrate(bitsPerSecond: number): string {
  if (!Number.isFinite(bitsPerSecond) || bitsPerSecond < 0) return "–";
  if (bitsPerSecond >= 1e6) return `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`;
  return `${Math.round(bitsPerSecond / 1e3)} kbit/s`;
}

/** Milliseconds with one decimal below 10, none above; "–" when unknown. */
export function millis(value: number): string {
  if (!Number.isFinite(value) || value < 0) return "–";
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

/** A share of one as percent: none, "<0.1 %", "1.2 %", "12 %". */
export function percent(share: number): string {
  if (!Number.isFinite(share) || share < 0) return "–";
  const value = share * 100;
  if (value === 0) return "0 %";
  if (value < 0.1) return "<0.1 %";
  return value < 10 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

/** 3 725 000 -> "1:02:05". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Mebibytes as "15.6 GiB" or "512 MiB". */
export function memory(mb: number): string {
  return mb >= 1024 ? `${(mb / 1024).toFixed(1)} GiB` : `${Math.round(mb)} MiB`;
}

/** How long ago: "just now", "5 min ago", "3 h ago", "2 d ago". */
export function ago(thenIso: string | null, now: number): string {
  if (thenIso === null) return "never";
  const seconds = Math.max(0, (now - Date.parse(thenIso)) / 1000);
  if (Number.isNaN(seconds)) return "unknown";
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}
