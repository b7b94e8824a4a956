import { describe, expect, it } from "vitest";
import { arrivalAt, bodyOf, cellsOf, compose, maySend, newDraft, TEXT_LIMIT } from "../src/state/compose";
import { oneLine, SHOWN_LIMIT, visible } from "../src/state/hostile";

const joined = (text: string, limit?: number) => visible(text, limit).pieces.map((p) => (p.hidden ? `[${p.text}]` : p.text)).join("");

describe("hostile text", () => {
  it("keeps what can be seen, line ends and tabs", () => {
    for (const plain of ["We are here.", "صباح الخير", "早上好 👋", "a\nb\tc", "e\u0301"]) expect(joined(plain)).toBe(plain);
  });
  it("shows what cannot", () => {
    expect(joined("a\u202Eb")).toBe("a[U+202E]b");
    for (const c of ["\u200B", "\u200F", "\u2066", "\u2069", "\u061C", "\uFEFF", "\u00AD", "\u0000", "\u001B", "\u0085", "\u2028", "\uE000", "\u{E0041}", "\uFE0F", "\uD800"]) {
      expect(visible(c).pieces.every((p) => p.hidden), c.codePointAt(0)?.toString(16)).toBe(true);
    }
  });
  it("is bounded, and says by how much", () => {
    const { pieces, cut } = visible("x".repeat(200_000));
    expect(pieces).toHaveLength(1);
    expect(pieces[0]?.text).toHaveLength(SHOWN_LIMIT);
    expect(cut).toBe(200_000 - SHOWN_LIMIT);
    expect(visible("\u202E".repeat(200_000)).pieces.length).toBeLessThanOrEqual(SHOWN_LIMIT);
    expect(visible("ab\r\ncd").cut).toBe(0);
    expect(oneLine("a\r\nb\u202E", 64)).toBe("a b<U+202E>");
    expect(oneLine("abcdef", 3)).toBe("abc\u2026");
  });
});

describe("the composer", () => {
  it("counts cells as the wire has them", () => {
    expect([cellsOf(""), cellsOf("x"), cellsOf("x".repeat(417)), cellsOf("x".repeat(418)), cellsOf("é".repeat(209))]).toEqual([0, 1, 1, 2, 2]);
    expect(arrivalAt(2, 0, 1000, 50_000)).toBe(53_000);
  });
  it("sends nothing empty and nothing too long", () => {
    const draft = newDraft("id");
    expect(maySend(draft)).toBe(false);
    expect(maySend({ ...draft, text: " \n" })).toBe(false);
    expect(maySend({ ...draft, text: "x".repeat(TEXT_LIMIT) })).toBe(true);
    expect(maySend({ ...draft, text: "x".repeat(TEXT_LIMIT + 1) })).toBe(false);
  });
  it("asks again for the very same message after a lost answer", () => {
    let draft = compose(newDraft("id"), { is: "change", change: { text: "We are here.", precedence: "flash" } });
    draft = compose(draft, { is: "send" });
    const first = bodyOf(draft, "south", "AB");
    draft = compose(draft, { is: "unanswered" });
    expect(draft.state).toBe("lost");
    draft = compose(draft, { is: "change", change: { text: "something else" } });
    draft = compose(draft, { is: "send" });
    expect(draft.state).toBe("sending");
    expect(bodyOf(draft, "south", "AB")).toEqual(first);
    const next = compose(draft, { is: "sent", nextId: "another" });
    expect([next.id, next.text, next.precedence, next.state]).toEqual(["another", "", "routine", "writing"]);
  });
  it("gives the text back when it was refused", () => {
    const draft = compose(compose({ ...newDraft("id"), text: "x" }, { is: "send" }), { is: "refused", detail: "The store is full." });
    expect([draft.state, draft.text, draft.refusal]).toEqual(["writing", "x", "The store is full."]);
  });
});
