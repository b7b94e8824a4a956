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
