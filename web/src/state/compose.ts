// The composer. A text has its own id from its first key on, so that a send whose answer was lost is repeated and sends once.
import type { Grade, Precedence } from "../api/types";

export interface Draft {
  id: string;
  text: string;
  grade: Grade;
  precedence: Precedence;
  exercise: boolean;
  ref: string | null;
  /** writing: nobody has sent it; sending: asked, not answered; lost: no answer came, ask again with the same id */
  state: "writing" | "sending" | "lost";
  refusal: string | null;
}

/** Protocol: bytes of a message beside its text, and bytes of a message in one cell. */
const HEADER_BYTES = 32;
const CELL_BYTES = 449;
export const TEXT_LIMIT = 1024 * 1024 - HEADER_BYTES - 4 - 64;

export const CLOCKS_MS: Record<Precedence, number> = {
  flash: 10 * 60_000,
  immediate: 30 * 60_000,
  priority: 3 * 3_600_000,
  routine: 6 * 3_600_000,
};

export const newDraft = (id: string): Draft =>
  ({ id, text: "", grade: "talk", precedence: "routine", exercise: false, ref: null, state: "writing", refusal: null });

const encoder = new TextEncoder();
export const bytesOf = (text: string): number => encoder.encode(text).length;
export const cellsOf = (text: string): number => (text === "" ? 0 : Math.ceil((HEADER_BYTES + bytesOf(text)) / CELL_BYTES));

/** When its last cell is there, if it were sent now and nothing got lost: one cell a round, and one round on the way. */
export const arrivalAt = (cells: number, ahead: number, roundMs: number, now: number): number => now + (cells + ahead + 1) * roundMs;

export const mayWrite = (draft: Draft): boolean => draft.state === "writing";
export const maySend = (draft: Draft): boolean =>
  draft.state === "writing" && draft.text.trim() !== "" && bytesOf(draft.text) <= TEXT_LIMIT;

export type DraftEvent =
  | { is: "change"; change: Partial<Pick<Draft, "text" | "grade" | "precedence" | "exercise" | "ref">> }
  | { is: "send" }
  | { is: "sent"; nextId: string }
  | { is: "unanswered" }
  | { is: "refused"; detail: string };

/** A text on its way does not change: what is asked for again is the same message. */
export function compose(draft: Draft, event: DraftEvent): Draft {
  switch (event.is) {
    case "change":
      return mayWrite(draft) ? { ...draft, ...event.change, refusal: null } : draft;
    case "send":
      return maySend(draft) || draft.state === "lost" ? { ...draft, state: "sending", refusal: null } : draft;
    case "unanswered":
      return draft.state === "sending" ? { ...draft, state: "lost" } : draft;
    case "refused":
      return { ...draft, state: "writing", refusal: event.detail };
    case "sent":
      return { ...newDraft(event.nextId), grade: draft.grade, precedence: "routine" };
  }
}

/** What the API takes. Absent fields are its defaults. */
export const bodyOf = (draft: Draft, line: string, initials: string): Record<string, unknown> => ({
  line,
  text: draft.text,
  grade: draft.grade,
  precedence: draft.precedence,
  exercise: draft.exercise,
  id: draft.id,
  ...(draft.ref === null ? {} : { ref: draft.ref, initials }),
});
