// The sheet of a watch: what it hands over, in the order in which the next one has to look at it.
import type { Message, WatchSheet } from "../api/types";

/** What has a clock first, the first to run out before all; then the oldest. */
export const inOrder = (open: readonly Message[]): Message[] =>
  [...open].sort((a, b) => (a.acknowledge_by_ms ?? Infinity) - (b.acknowledge_by_ms ?? Infinity) || a.created_ms - b.created_ms);

export interface Summary {
  open: number;
  notOpen: string[]; // names of the lines that are not OPEN
  firstClock: Message | null;
}

export function summaryOf(sheet: WatchSheet): Summary {
  const open = inOrder(sheet.lines.flatMap((l) => l.open));
  return {
    open: open.length,
    notOpen: sheet.lines.filter((l) => l.line.state !== "OPEN").map((l) => l.line.name),
    firstClock: open[0] !== undefined && open[0].acknowledge_by_ms !== null ? open[0] : null,
  };
}
