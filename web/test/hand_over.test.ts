import { describe, expect, it } from "vitest";
import type { Line, Message, WatchSheet } from "../src/api/types";
import { inOrder, summaryOf } from "../src/state/hand_over";

const message = (id: string, created_ms: number, acknowledge_by_ms: number | null): Message => ({
  id, line: "south", direction: "in", kind: "text", grade: "talk", precedence: "routine", mark: "", created_ms, bytes: 3, acknowledge_by_ms, stages: [],
});
const of = (name: string, state: Line["state"], open: Message[]): WatchSheet["lines"][number] => ({ line: { name, state } as Line, open, ledger: [], notes: [] });
const sheet = (...lines: WatchSheet["lines"]): WatchSheet => ({ at_ms: 9, watch: { initials: null, taken_ms: null, answered_ms: null }, lines, drafts: [] });

describe("the sheet of a watch", () => {
  it("has the clock that runs out first before all, then the oldest without one, and leaves what it was given", () => {
    const open = [message("new", 30, null), message("old", 10, null), message("late", 20, 900), message("soon", 25, 500)];
    expect(inOrder(open).map((m) => m.id)).toEqual(["soon", "late", "old", "new"]);
    expect(open[0]!.id).toBe("new");
  });

  it("sums up over all lines: how much is open, the first clock, and which line is not OPEN", () => {
    const whole = summaryOf(sheet(of("east", "OPEN", [message("a", 1, 700)]), of("west", "DOWN", [message("b", 2, 600), message("c", 3, null)])));
    expect(whole.open).toBe(3);
    expect(whole.firstClock?.id).toBe("b");
    expect(whole.notOpen).toEqual(["west"]);
  });

  it("names no clock where none runs", () => {
    expect(summaryOf(sheet(of("east", "OPEN", [message("a", 1, null)]))).firstClock).toBeNull();
    expect(summaryOf(sheet())).toEqual({ open: 0, notOpen: [], firstClock: null });
  });
});
