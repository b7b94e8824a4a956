import { describe, expect, it } from "vitest";
import { alarmOf } from "../src/state/alarm";
import { heard, nothing, type Picture } from "../src/state/feed";
import { beginPractice, eventsOf, farDeed, lineOf, passed, statusOf, type FarDeed, type Practice } from "../src/state/practice";
import { called } from "../src/state/practice_calls";

const words = { party: "PRACTICE", line: "dummy", answer: "We answer.", flash: "EXERCISE." };
const T = 1_000_000;
const begun = (): Practice => beginPractice(words, T);
const picture = (p: Practice): Picture => heard(nothing, eventsOf(p, 0), 0);
const post = (p: Practice, route: string, body: unknown, id = "x"): Practice => called(p, "POST", route, body, id).practice;
const stages = (p: Practice, id: string): string[] => p.kept.get(id)!.message.stages.map((s) => `${s.stage} ${s.by}`);
const after = (p: Practice, seconds: number): Practice => passed(p, p.now + seconds * 1000);
const sendOne = (p: Practice, id = "m", body: object = {}): Practice => post(p, "messages", { id, line: "dummy", text: "We are here.", ...body });
const far = (p: Practice, deed: FarDeed, id = "f"): Practice => farDeed(p, deed, id);

describe("the dummy line", () => {
  it("moves with the time that is passed in, and with nothing else", () => {
    const p = after(begun(), 3);
    expect([lineOf(p).rounds_opened - lineOf(begun()).rounds_opened, lineOf(p).state, lineOf(p).strip.length]).toEqual([3, "OPEN", 60]);
    expect(passed(p, p.now)).toEqual(p);
    expect(passed(p, T)).toEqual(p); // a clock that is set back
    expect(after(p, 86_400).strip).toHaveLength(60);
  });
  it("carries a message cell by cell, says stored when it is there, and marks it as exercise", () => {
    let p = sendOne(begun());
    expect(stages(p, "m")).toEqual(["released here"]);
    p = after(p, 1);
    expect(stages(p, "m")).toEqual(["released here", "sent here"]);
    p = after(p, 1);
    expect(stages(p, "m")).toEqual(["released here", "sent here", "stored there"]);
    expect(p.kept.get("m")?.message.mark).toBe("EXERCISE");
    expect(lineOf(after(sendOne(begun(), "l", { text: "x".repeat(449 * 9) }), 4)).waiting).toBe(1);
  });
  it("sends once what is asked for twice", () => {
    const p = sendOne(begun());
    expect(sendOne(p)).toBe(p);
  });
  it("answers what it has, in a message with a clock and a text", () => {
    let p = after(far(after(sendOne(begun()), 2), "answer"), 1);
    expect(stages(p, "m").slice(3)).toEqual(["read there", "answered there"]);
    expect(p.kept.get("f")?.message).toMatchObject({ direction: "in", text: "We answer.", ref: "m" });
    p = post(p, "messages/f/stage", { stage: "read", initials: "AB" });
    expect(stages(p, "f")).toEqual(["stored here", "read here"]);
    expect(lineOf(p).unread).toBe(0);
  });
  it("carries nothing while it is down, either way, and all of it afterwards", () => {
    let p = far(after(begun(), 1), "drop");
    p = after(far(sendOne(p), "flash"), 20);
    expect([lineOf(p).state, lineOf(p).machine_age_ms, lineOf(p).waiting, lineOf(p).unread]).toEqual(["DOWN", 20_000, 1, 0]);
    expect(lineOf(p).blame).toBe("their machine or network");
    p = after(far(p, "drop"), 2);
    expect([lineOf(p).state, lineOf(p).waiting, lineOf(p).unread]).toEqual(["OPEN", 0, 1]);
  });
  it("is late when it delays", () => {
    const p = after(far(sendOne(begun()), "delay"), 4);
    expect([lineOf(p).state, stages(p, "m").length]).toEqual(["LATE", 1]);
    expect(stages(after(p, 6), "m")).toContain("stored there");
  });
  it("rings until a person here answers", () => {
    let p = after(far(begun(), "ring"), 1);
    expect(alarmOf(picture(p), p.now)).toBe("ring");
    p = post(post(p, "watch/take", { initials: "AB" }), "watch/answer", {});
    expect([alarmOf(picture(p), p.now), statusOf(p).watch.initials]).toEqual(["quiet", "AB"]);
  });
  it("sends a FLASH that rings and runs for ten minutes", () => {
    const p = after(far(begun(), "flash"), 1);
    expect(lineOf(p).acknowledge_by_ms).toBe(p.now + 600_000);
    expect(alarmOf(picture(p), p.now)).toBe("ring");
    expect(alarmOf(picture(post(p, "messages/f/stage", { stage: "read", initials: "AB" })), p.now)).toBe("quiet");
  });
  it("has a drill of ours answered by a person there, and only then", () => {
    let p = after(post(begun(), "lines/dummy/drill", {}, "d"), 3);
    expect(stages(p, "d")).not.toContain("answered there");
    p = after(far(p, "answer"), 1);
    expect(stages(p, "d")).toContain("answered there");
  });
  it("tells what is new since, without texts, and refuses what it does not know", () => {
    const p = sendOne(sendOne(begun()), "n");
    expect(eventsOf(p, 1).map((e) => e.event)).toEqual(["message", "status"]);
    expect(JSON.stringify(eventsOf(p, 0))).not.toContain("We are here.");
    expect(called(p, "GET", "messages/m", undefined, "x").answer).toMatchObject({ text: "We are here." });
    for (const route of ["panic", "pair/offer", "operators", "drafts", "lock", "lines/other/drill"]) expect(called(p, "POST", route, {}, "x").answer, route).toBeUndefined();
  });
});
