import { describe, expect, it } from "vitest";
import { changeOf, otherVersion, type KeptDraft, type Terms } from "../src/state/drafts";

const before: Terms = { text: "one", grade: "talk", precedence: "routine", exercise: false };

describe("a change of a draft", () => {
  it("names only what is other than before, and nothing where nothing is", () => {
    expect(changeOf(before, { ...before, text: "two" })).toEqual({ text: "two" });
    expect(changeOf(before, { text: "one", grade: "note", precedence: "flash", exercise: true })).toEqual({ grade: "note", precedence: "flash", exercise: true });
    expect(changeOf({ ...before, exercise: true }, before)).toEqual({ exercise: false });
    expect(changeOf(before, { ...before })).toBeNull();
  });

  it("knows the version that somebody read from another one, and none where the draft is gone", () => {
    const read = { id: "a", version: 1 } as KeptDraft;
    const newer = { id: "a", version: 2 } as KeptDraft;
    expect(otherVersion([newer], read)).toBe(newer);
    expect(otherVersion([read, { id: "b", version: 2 } as KeptDraft], read)).toBeNull();
    expect(otherVersion([], read)).toBeNull();
  });
});
