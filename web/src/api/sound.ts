// Two tones, made here: no file to fetch.

let context: AudioContext | null = null;

function tone(frequency: number, from: number, seconds: number): void {
  if (!context) return;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.0001, from);
  gain.gain.exponentialRampToValueAtTime(0.3, from + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, from + seconds);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + seconds);
}

/** A browser lets a page sound only after somebody touched it: call this from a key or a click. */
export function wakeSound(): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  void context.resume();
}

export const soundWorks = (): boolean => context?.state === "running";

export function ring(): void {
  wakeSound();
  if (!context) return;
  const now = context.currentTime;
  for (const [i, frequency] of [880, 660, 880, 660].entries()) tone(frequency, now + i * 0.22, 0.2);
}
