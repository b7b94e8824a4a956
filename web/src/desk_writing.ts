// Writing and sending on a line.
import { Refusal } from "./api/call";
import type { Desk } from "./desk";
import { bodyOf, compose, newDraft, type Draft, type DraftEvent } from "./state/compose";
import { linesOf } from "./state/feed";

const RESEND_MS = 2_000;

export const draftOf = (desk: Desk, line: string): Draft => desk.state.drafts.get(line) ?? newDraft("");

export function draftEvent(desk: Desk, line: string, event: DraftEvent): Draft {
  const draft = draftOf(desk, line);
  const next = compose(draft.id === "" ? { ...draft, id: desk.newId() } : draft, event);
  const drafts = new Map(desk.state.drafts);
  drafts.set(line, next);
  desk.set({ drafts });
  return next;
}

export function write(desk: Desk, ref: string | null = null): void {
  const line = desk.state.line ?? linesOf(desk.state.picture)[0]?.name ?? null;
  if (line === null || !desk.may("write")) return;
  desk.set({ line, writing: true, panel: null, wall: false });
  if (ref !== null) draftEvent(desk, line, { is: "change", change: { ref } });
  window.requestAnimationFrame(() => document.getElementById("text")?.focus());
}

/** A send without an answer is asked again under the same id until there is one: it is sent once, whatever was lost. */
export async function send(desk: Desk, line: string): Promise<void> {
  const draft = draftEvent(desk, line, { is: "send" });
  if (draft.state !== "sending") return;
  try {
    await desk.call("POST", "messages", bodyOf(draft, line, desk.initials()));
    draftEvent(desk, line, { is: "sent", nextId: desk.newId() });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 0 || error.code === "no_station") {
      draftEvent(desk, line, { is: "unanswered" });
      window.setTimeout(() => {
        if (desk.state.screen.is === "desk" && draftOf(desk, line).state === "lost") void send(desk, line);
      }, RESEND_MS);
    } else {
      draftEvent(desk, line, { is: "refused", detail: error.detail });
      desk.refused(error);
    }
  }
}
