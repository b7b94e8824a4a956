// One table of keys. They are function keys, so that they are the same on every keyboard and never a letter that somebody types.

export type Act = "help" | "acknowledge" | "write" | "answer" | "cover" | "wall";

export const KEYS: Record<string, Act> = {
  F1: "help",
  F2: "acknowledge",
  F4: "write",
  F8: "answer",
  F9: "cover",
  F10: "wall",
};

export const TWICE_MS = 600;

/** Escape twice within the time covers; a third one does not uncover by accident. */
export function escapes(last: number, now: number): { cover: boolean; last: number } {
  return now - last <= TWICE_MS ? { cover: true, last: -Infinity } : { cover: false, last: now };
}
