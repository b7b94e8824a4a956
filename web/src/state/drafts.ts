// Drafts that are kept at the station until somebody releases them.
import type { Grade, Precedence } from "../api/types";

export interface KeptDraft {
  id: string;
  line: string;
  text: string;
  grade: Grade;
  precedence: Precedence;
  exercise: boolean;
  ref: string | null;
  drafter: string;
  created_ms: number;
  changed_ms: number;
  offered: boolean;
  needs_second: boolean;
  version: number;
}

export const samePerson = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** May this person release it? What needs a second person, only another one than its drafter; an offered one, who releases. */
export function mayRelease(draft: KeptDraft, initials: string, releases: boolean): boolean {
  const own = samePerson(draft.drafter, initials);
  if (draft.needs_second) return releases && draft.offered && !own;
  return own || (releases && draft.offered);
}

export const draftsOf = (drafts: readonly KeptDraft[], line: string): KeptDraft[] => drafts.filter((d) => d.line === line);

/** What waits for this person's release. */
export const toRelease = (drafts: readonly KeptDraft[], initials: string, releases: boolean): KeptDraft[] =>
  drafts.filter((d) => d.offered && !samePerson(d.drafter, initials) && mayRelease(d, initials, releases));

export type Terms = Pick<KeptDraft, "text" | "grade" | "precedence" | "exercise">;

/** What a change names: only what is other than before. Null: nothing is. */
export function changeOf(before: Terms, after: Terms): Partial<Terms> | null {
  const change = Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key as keyof Terms] !== value));
  return Object.keys(change).length === 0 ? null : change;
}

/** The same draft, where it is another version than the one that somebody read. */
export const otherVersion = (drafts: readonly KeptDraft[], read: KeptDraft): KeptDraft | null =>
  drafts.find((d) => d.id === read.id && d.version !== read.version) ?? null;

export type TranslationStep = "translate" | "review" | "certify";

/** The next step of a translation for this person: three steps, three persons. */
export function nextStep(
  translation: { translator: string; reviewer: string | null; certifier: string | null } | null | undefined,
  initials: string,
): TranslationStep | null {
  if (!translation) return "translate";
  if (translation.certifier) return null;
  if (translation.reviewer) return samePerson(translation.reviewer, initials) || samePerson(translation.translator, initials) ? null : "certify";
  return samePerson(translation.translator, initials) ? null : "review";
}
