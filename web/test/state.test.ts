import { describe, expect, it } from "vitest";
import type { FeedEvent, Message, Status } from "../src/api/types";
import { alarmOf, drillWaits } from "../src/state/alarm";
import { countdown, dayOf, span, timeOf, urgency } from "../src/state/clock";
import { dummyAt } from "../src/state/dummy";
import { heard, isLive, nothing, stationNow } from "../src/state/feed";
import { mayRelease, nextStep, toRelease } from "../src/state/drafts";
import { escapes, KEYS } from "../src/state/keys";
import { may, needsRelease } from "../src/state/roles";
import { awaitsThem, lastStage, messagesOf, sayable, waiting, waits } from "../src/state/message";
import { idleState, seated, secretOf } from "../src/state/seat";

const status = (now_ms: number, initials: string | null = "AB"): Status => ({
  party: "North", version: "0", locked: false, now_ms, carrier: { connected: true }, store: { rows: 1, used: 0, full: false },
  watch: { initials, taken_ms: null, answered_ms: null }, lines: [],
});
const message = (id: string, change: Partial<Message> = {}): Message => ({
  id, line: "south", direction: "in", kind: "text", grade: "talk", precedence: "routine", mark: "", created_ms: 1_000, bytes: 3,
  acknowledge_by_ms: null, stages: [{ stage: "stored", at_ms: 2_000, by: "here", initials: null, post: null }], ...change,
});
const told = (seq: number, m: Message): FeedEvent => ({ event: "message", seq, message: m });
const mark = (stage: Message["stages"][number]["stage"], by: "here" | "there") => ({ stage, at_ms: 5, by, initials: null, post: null });

describe("the feed", () => {
  it("keeps each message as it was told last, and counts what comes twice once", () => {
    let picture = heard(nothing, [told(1, message("a")), told(2, message("b"))], 0);
    picture = heard(picture, [told(3, message("a", { bytes: 9 })), told(2, message("b", { bytes: 1 }))], 0);
    expect(picture.seq).toBe(3);
    expect(picture.messages.get("a")?.bytes).toBe(9);
    expect(picture.messages.get("b")?.bytes).toBe(3);
  });

  it("forgets all at a reset, also one with a smaller number, and takes what follows", () => {
    const picture = heard(nothing, [told(7, message("a"))], 0);
    const after = heard(picture, [{ event: "reset", seq: 1 }, told(2, message("c"))], 0);
    expect([...after.messages.keys()]).toEqual(["c"]);
    expect(after.seq).toBe(2);
    expect([...picture.messages.keys()]).toEqual(["a"]);
  });

  it("is not live two seconds after the last status, whatever messages came", () => {
    let picture = heard(nothing, [{ event: "status", status: status(50_000) }], 10_000);
    picture = heard(picture, [told(1, message("a"))], 11_999);
    expect(isLive(picture, 11_999)).toBe(true);
    expect(isLive(picture, 12_000)).toBe(false);
    expect(isLive(nothing, 0)).toBe(false);
    expect(stationNow(picture, 10_700)).toBe(50_700);
  });

  it("hands the same map on when no message changed", () => {
    const picture = heard(nothing, [told(1, message("a"))], 0);
    expect(heard(picture, [{ event: "status", status: status(1) }], 1).messages).toBe(picture.messages);
  });
});

describe("messages", () => {
  it("come in the order of their receipt", () => {
    const late = message("late", { created_ms: 1, stages: [{ stage: "stored", at_ms: 9_000, by: "here", initials: null, post: null }] });
    const all = new Map([["late", late], ["x", message("x")], ["other", message("other", { line: "west" })]]);
    expect(messagesOf(all, "south").map((m) => m.id)).toEqual(["x", "late"]);
  });

  it("wait until somebody here says a word, and what the far side says does not count", () => {
    expect(waits(message("a"))).toBe(true);
    expect(waits(message("a", { stages: [mark("stored", "here"), mark("read", "there")] }))).toBe(true);
    expect(waits(message("a", { stages: [mark("stored", "here"), mark("not-now", "here")] }))).toBe(false);
    expect(waits(message("a", { direction: "out" }))).toBe(false);
    expect(awaitsThem(message("a", { direction: "out", stages: [mark("stored", "there")] }))).toBe(true);
    expect(awaitsThem(message("a", { direction: "out", stages: [mark("read", "there")] }))).toBe(false);
  });

  it("with the first clock come first", () => {
    const all = new Map([["a", message("a")], ["b", message("b", { acknowledge_by_ms: 90 })], ["c", message("c", { acknowledge_by_ms: 10 })]]);
    expect(waiting(all).map((m) => m.id)).toEqual(["c", "b", "a"]);
  });

  it("offer only words that were not said; a post may be named again", () => {
    expect(sayable(message("a"))).toContain("read");
    const said = sayable(message("a", { stages: [mark("read", "here"), mark("passed", "here")] }));
    expect(said).not.toContain("read");
    expect(said).toContain("passed");
    expect(sayable(message("a", { direction: "out" }))).toEqual([]);
    expect(lastStage(message("a", { stages: [mark("sent", "here"), mark("stored", "there"), mark("released", "here")] }))).toBe("stored");
  });
});

describe("the alarm", () => {
  const ringing = (m: Message, initials: string | null, now = 0) => alarmOf(heard(nothing, [{ event: "status", status: status(0, initials) }, told(1, m)], 0), now);
  it("rings for a FLASH, for what waits unattended, for a clock that ran out, for a drill; else not", () => {
    expect(ringing(message("a"), "AB")).toBe("quiet");
    expect(ringing(message("a"), null)).toBe("ring");
    expect(ringing(message("a", { precedence: "flash" }), "AB")).toBe("ring");
    expect(ringing(message("a", { acknowledge_by_ms: 100 }), "AB", 99)).toBe("quiet");
    expect(ringing(message("a", { acknowledge_by_ms: 100 }), "AB", 100)).toBe("ring");
    expect(ringing(message("a", { kind: "drill" }), "AB")).toBe("ring");
    expect(drillWaits(message("a", { kind: "drill", stages: [mark("answered", "here")] }))).toBe(false);
    expect(ringing(message("a", { precedence: "flash", stages: [mark("read", "here")] }), null)).toBe("quiet");
  });
});

describe("clocks", () => {
  it("count down, and on beyond", () => {
    expect(countdown(600_000)).toBe("10:00");
    expect(countdown(599_001)).toBe("10:00");
    expect(countdown(59_000)).toBe("0:59");
    expect(countdown(3 * 3_600_000)).toBe("3:00:00");
    expect(countdown(0)).toBe("0:00");
    expect(countdown(-61_000)).toBe("\u22121:01");
    expect([urgency(200, 300), urgency(100, 300), urgency(30, 300), urgency(-5, 300)]).toEqual(["plenty", "soon", "now", "now"]);
  });
  it("say UTC, and local by the minutes it is ahead", () => {
    const at = Date.UTC(2026, 10, 29, 23, 5, 9);
    expect([timeOf(at), timeOf(at, 90, false), dayOf(at), dayOf(at, 90)]).toEqual(["23:05:09", "00:35", "2026-11-29", "2026-11-30"]);
    expect([span(59_999), span(60_000), span(7_200_000), span(3 * 86_400_000), span(-5)]).toEqual([
      { unit: "s", count: 59 }, { unit: "min", count: 1 }, { unit: "h", count: 2 }, { unit: "d", count: 3 }, { unit: "s", count: 0 }]);
  });
});

describe("the seat", () => {
  it("goes from link to desk and back", () => {
    const operator = { name: "Ada", initials: "AB", role: "officer" as const, language: "en", lines: null };
    expect(seated({ is: "opening" }, { is: "seat", seat: { operator: null, idle_s: 900 } })).toEqual({ is: "sign-in" });
    expect(seated({ is: "opening" }, { is: "seat", seat: { operator: null, idle_s: 900, first_run: true } })).toEqual({ is: "first" });
    expect(seated({ is: "sign-in" }, { is: "seat", seat: { operator, idle_s: 900 } })).toEqual({ is: "desk", operator });
    expect(seated({ is: "desk", operator }, { is: "ended" })).toEqual({ is: "resume" });
    expect(seated({ is: "desk", operator }, { is: "signed-out" })).toEqual({ is: "sign-in" });
  });
  it("takes a secret of the right length only", () => {
    const secret = "A".repeat(43);
    expect(secretOf(`#${secret}`)).toBe(secret);
    for (const bad of ["", "#", `#${secret}A`, `#${secret.slice(1)}`, `#${secret.slice(1)}+`, `#${secret}\n`]) expect(secretOf(bad)).toBeNull();
  });
  it("locks when nobody touches it, and says so a minute before", () => {
    expect([idleState(0, 899_000 - 60_000, 900_000), idleState(0, 850_000, 900_000), idleState(0, 900_000, 900_000)]).toEqual(["used", "soon", "idle"]);
    expect(idleState(0, 50_000, 60_000)).toBe("used");
  });
});

describe("keys and cover", () => {
  it("need Escape twice within the time", () => {
    const first = escapes(-Infinity, 1_000);
    expect(first.cover).toBe(false);
    expect(escapes(first.last, 1_599).cover).toBe(true);
    expect(escapes(first.last, 1_601).cover).toBe(false);
    const second = escapes(first.last, 1_200);
    expect(escapes(second.last, 1_300).cover).toBe(false);
  });
  it("are never printable", () => {
    for (const key of Object.keys(KEYS)) expect(key).toMatch(/^F\d+$/);
  });
  it("show a line of the time alone", () => {
    expect(dummyAt(1_000_000)).toEqual(dummyAt(1_000_400 - 400));
    const [a, b] = [dummyAt(5_000_000), dummyAt(5_001_000)];
    expect(a.strip).toHaveLength(60);
    expect(b.strip.slice(0, 59)).toBe(a.strip.slice(1));
  });
});

describe("two persons", () => {
  const draft = { id: "a", line: "south", text: "x", grade: "talk" as const, precedence: "flash" as const, exercise: false, ref: null, drafter: "AB", created_ms: 0, changed_ms: 0, offered: true, needs_second: true, version: 1 };
  it("release what needs two: another one than the drafter, who may, and only what is offered", () => {
    expect(mayRelease(draft, "CD", true)).toBe(true);
    expect(mayRelease(draft, "ab", true)).toBe(false);
    expect(mayRelease(draft, "CD", false)).toBe(false);
    expect(mayRelease({ ...draft, offered: false }, "CD", true)).toBe(false);
    expect(mayRelease({ ...draft, needs_second: false, offered: false }, "AB", false)).toBe(true);
    expect(toRelease([draft], "AB", true)).toEqual([]);
    expect(toRelease([draft], "CD", true)).toEqual([draft]);
  });
  it("and three translate: nobody does two of the steps", () => {
    const made = { translator: "AB", reviewer: null, certifier: null };
    expect(nextStep(null, "AB")).toBe("translate");
    expect([nextStep(made, "ab"), nextStep(made, "CD")]).toEqual([null, "review"]);
    const reviewed = { ...made, reviewer: "CD" };
    expect([nextStep(reviewed, "AB"), nextStep(reviewed, "CD"), nextStep(reviewed, "EF")]).toEqual([null, null, "certify"]);
    expect(nextStep({ ...reviewed, certifier: "EF" }, "GH")).toBeNull();
  });
  it("know what is formal, and what a role does not do", () => {
    expect([needsRelease("talk", "flash"), needsRelease("note", "routine"), needsRelease("notice", "routine"), needsRelease("talk", "immediate")]).toEqual([true, true, true, false]);
    expect([may("admin", "release"), may("releaser", "release"), may("interpreter", "write"), may("principal", "stage"), may(undefined, "write")]).toEqual([false, true, false, true, false]);
  });
});
