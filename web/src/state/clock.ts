// Ages, clocks and times as people read them. Always digits of the Latin kind: two desks read them to each other.

export interface Span {
  unit: "s" | "min" | "h" | "d";
  count: number;
}

/** An age in its largest unit, as said over a shoulder. */
export function span(ms: number): Span {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return { unit: "s", count: s };
  if (s < 3600) return { unit: "min", count: Math.floor(s / 60) };
  if (s < 2 * 86_400) return { unit: "h", count: Math.floor(s / 3600) };
  return { unit: "d", count: Math.floor(s / 86_400) };
}

const two = (n: number): string => String(n).padStart(2, "0");

/** 9:59, 2:59:59; negative when over: -0:12. */
export function countdown(ms: number): string {
  const over = ms < 0;
  const s = over ? Math.floor(-ms / 1000) : Math.ceil(ms / 1000);
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  const body = h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  return over && s > 0 ? `\u2212${body}` : body;
}

/** 14:02:33, in UTC or with the minutes that local time is ahead. */
export function timeOf(ms: number, offsetMinutes = 0, seconds = true): string {
  const d = new Date(ms + offsetMinutes * 60_000);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds ? `:${two(d.getUTCSeconds())}` : ""}`;
}

/** 2026-11-29 */
export function dayOf(ms: number, offsetMinutes = 0): string {
  const d = new Date(ms + offsetMinutes * 60_000);
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
}

/** How urgent a clock is: plenty, the last third, the last tenth or over. */
export function urgency(left: number, whole: number): "plenty" | "soon" | "now" {
  if (left <= whole / 10) return "now";
  return left <= whole / 3 ? "soon" : "plenty";
}
