import { describe, expect, it } from "vitest";
import type { Sheet } from "../src/api/types";
import { inserted, isEmpty, rowsOf, sheetBody, withRow } from "../src/state/sheet";

const none: Sheet = { titles: [], salutations: [], phrases: [], initials: null, at_ms: null };
const sheet: Sheet = {
  titles: [{ ours: "Minister", theirs: "الوزير" }],
  salutations: [],
  phrases: [{ code: "BLUE 7", ours: "We hold", theirs: "نثبت" }],
  initials: "AB",
  at_ms: 5,
};

describe("a protocol sheet", () => {
  it("is the same after it was rows, and its rows have keys of their own", () => {
    const { titles, salutations, phrases } = sheet;
    expect(sheetBody(rowsOf(sheet))).toEqual({ titles, salutations, phrases });
    const rows = withRow(withRow(rowsOf(sheet), "salutations"), "titles");
    expect(new Set(rows.map((r) => r.key)).size).toBe(4);
    expect([isEmpty(none), isEmpty(sheet)]).toEqual([true, false]);
    expect(withRow([], "titles")[0]?.key).toBe(0);
  });

  it("drops a row in which nothing was written, keeps one that is half written, and gives a code to phrases only", () => {
    const rows = withRow(withRow(rowsOf(none), "titles"), "titles");
    const written = rows.map((r, i) => (i === 0 ? { ...r, ours: " Minister " } : r));
    expect(sheetBody(written)).toEqual({ titles: [{ ours: "Minister", theirs: "" }], salutations: [], phrases: [] });
  });
});

describe("a piece of it in a text", () => {
  it("stands in the place of what is selected, and one writes on behind it", () => {
    expect(inserted("", 0, 0, "Excellency")).toEqual({ text: "Excellency", at: 10 });
    expect(inserted("Dear X, we", 5, 6, "Minister")).toEqual({ text: "Dear Minister, we", at: 13 });
  });

  it("is apart from the words beside it, but not from signs, and not in a script without spaces", () => {
    expect(inserted("saywe", 3, 3, "BLUE 7").text).toBe("say BLUE 7 we");
    expect(inserted("say we", 4, 4, "BLUE 7").text).toBe("say BLUE 7 we");
    expect(inserted("(", 1, 1, "BLUE 7").text).toBe("(BLUE 7");
    expect(inserted("部长", 2, 2, "阁下").text).toBe("部长阁下");
    expect(inserted("سيدي،", 5, 5, "الوزير")).toEqual({ text: "سيدي، الوزير", at: 12 });
  });
});
