import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { describe, expect, it } from "vitest";

const SOURCE = join(__dirname, "..", "src");
const WORDS = join(SOURCE, "words");
const LANGUAGES = ["en", "ar", "ru", "fr", "es", "zh"];
const textOf = (language: string): string => readFileSync(join(WORDS, `${language}.ftl`), "utf8");

/** Key to the names of what it takes. */
function wordsOf(language: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const block of textOf(language).split(/^(?=[a-zA-Z])/m)) {
    const key = /^([a-zA-Z][\w-]*) =/.exec(block)?.[1];
    if (!key) continue;
    expect(out.has(key), `${language}: ${key} twice`).toBe(false);
    out.set(key, [...new Set([...block.matchAll(/\$(\w+)/g)].map((m) => m[1]))].sort().join(" "));
  }
  return out;
}

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(folder, e.name)) : /\.tsx?$/.test(e.name) ? [join(folder, e.name)] : []));

// Keys that the source puts together, and of what.
const MADE: Record<string, string[]> = {
  "state-": ["OPEN", "LATE", "DOWN", "PAUSED", "LOCKED", "UNKNOWN"],
  "blame-": ["this-machine", "own-network", "clock", "their-machine-or-network", "their-watch"],
  "continuity-": ["broken", "refused"],
  "age-": ["s", "min", "h", "d"],
  "direction-": ["in", "out"],
  "precedence-": ["flash", "immediate", "priority", "routine"],
  "grade-": ["service", "talk", "note", "notice", "service-says", "talk-says", "note-says", "notice-says"],
  "mark-": ["EXERCISE", "TEST"],
  "stage-": ["draft", "released", "sent", "stored", "read", "translated", "passed", "seen", "answered", "declined", "not-now"],
  "say-": ["read", "passed", "seen", "answered", "not-now", "declined"],
  "key-": ["help", "acknowledge", "write", "answer", "cover", "wall"],
  "about-does-": ["1", "2", "3", "4"],
  "about-not-": ["1", "2", "3", "4"],
  "role-": ["officer", "releaser", "interpreter", "principal", "archivist", "admin"],
  "read-back-": ["asked", "given", "confirmed", "wrong"],
  "far-": ["answer", "drop", "delay", "ring", "flash"],
  "seen-": ["card", "another", "no-code", "no-camera"],
  "sheet-": ["titles", "salutations", "phrases", "code", "ours", "theirs"],
  "refusal-": ["usage", "malformed", "out-of-range", "not-found", "full", "io", "conflict", "old", "refused", "locked", "no-station", "other"],
};

function used(): Set<string> {
  const keys = new Set<string>();
  for (const file of files(SOURCE)) {
    const source = readFileSync(file, "utf8");
    // Every literal inside a call of t(...), the two of a choice among them.
    for (const call of source.matchAll(/\bt\(((?:[^()`]|\([^()]*\))*?)\)/g)) {
      const head = (call[1] ?? "").split(/,\s*\{/)[0] ?? "";
      for (const literal of head.matchAll(/"([a-zA-Z][\w-]*)"/g)) if (!/[!=]== "$/.test(head.slice(0, literal.index + 1))) keys.add(literal[1]!);
    }
    for (const made of source.matchAll(/\bt\(`([a-z-]+-)\$\{/g)) {
      const prefix = made[1]!;
      expect(MADE[prefix], `${file}: keys ${prefix}*`).toBeDefined();
      for (const end of MADE[prefix] ?? []) keys.add(prefix + end);
    }
  }
  return keys;
}

describe("the words", () => {
  const english = wordsOf("en");

  it("are those that the page uses, no more and no fewer", () => {
    expect([...used()].sort()).toEqual([...english.keys()].sort());
  });

  for (const language of LANGUAGES) {
    it(`${language} has every key, with the same arguments, and parses`, () => {
      const words = wordsOf(language);
      expect([...words.keys()].sort()).toEqual([...english.keys()].sort());
      for (const [key, names] of english) {
        // What counts in two languages may be said without its number in the dual of a third.
        expect(words.get(key), `${language}: ${key}`).toBe(names);
      }
      const bundle = new FluentBundle(language);
      expect(bundle.addResource(new FluentResource(textOf(language)))).toEqual([]);
      for (const key of english.keys()) {
        const errors: Error[] = [];
        const value = bundle.getMessage(key)?.value;
        expect(value, `${language}: ${key}`).toBeTruthy();
        bundle.formatPattern(value!, { count: 3, number: "1", operator: "X", named: "yes", opened: 1, all: 60, rounds: 2, initials: "AB", seconds: 3, step: 1, of: 3, name: "X" }, errors);
        expect(errors, `${language}: ${key}`).toEqual([]);
      }
    });
  }

  it("are all in their own language", () => {
    const script: Record<string, RegExp> = { ar: /\p{Script=Arabic}/u, ru: /\p{Script=Cyrillic}/u, zh: /\p{Script=Han}/u };
    const sameEverywhere = new Set(["pair-at-hint"]);
    for (const [language, letters] of Object.entries(script)) {
      const bundle = new FluentBundle(language);
      bundle.addResource(new FluentResource(textOf(language)));
      for (const key of english.keys()) {
        if (sameEverywhere.has(key)) continue;
        expect(bundle.formatPattern(bundle.getMessage(key)!.value!, { count: 3, named: "no", number: "1" }, []), `${language}: ${key}`).toMatch(letters);
      }
    }
  });
});
