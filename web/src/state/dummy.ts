// The idle dummy line: what the cover shows. Made of the time alone, so that it holds nothing.

export interface Dummy {
  strip: string;
  rounds: number;
  answeredMs: number;
}

/** Rounds of one second, all opened but for one now and then, as on any quiet line. */
export function dummyAt(nowMs: number): Dummy {
  const round = Math.floor(nowMs / 1000);
  let strip = "";
  for (let i = 59; i >= 0; i--) strip += missed(round - i) ? "." : "|";
  return { strip, rounds: round % 86_400, answeredMs: nowMs % 1000 };
}

function missed(round: number): boolean {
  const mixed = Math.imul(round ^ (round >>> 7), 0x9e3779b1) >>> 0;
  return mixed % 97 === 0;
}
