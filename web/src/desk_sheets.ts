// What a side keeps about a line for itself: its protocol sheet and its notes; and what a watch hands over.
import { path, Refusal } from "./api/call";
import type { LineNote, Sheet, WatchSheet } from "./api/types";
import type { Desk } from "./desk";
import { draftEvent, draftOf } from "./desk_writing";
import { inserted, sheetBody, type Row } from "./state/sheet";

export const fetchSheet = (desk: Desk, line: string): Promise<boolean> =>
  desk.try(async () => {
    const sheet = await desk.call<Sheet>("GET", path("lines", line, "sheet"));
    if (desk.state.screen.is === "desk") desk.set({ sheets: new Map(desk.state.sheets).set(line, sheet) });
  });

/** The sheet is kept as a whole: over one of another moment than the one that was read it is not. */
export const keepSheet = (desk: Desk, line: string, rows: readonly Row[], read: Sheet): Promise<boolean> =>
  desk.try(async () => {
    const now = await desk.call<Sheet>("GET", path("lines", line, "sheet"));
    desk.set({ sheets: new Map(desk.state.sheets).set(line, now) });
    if (now.at_ms !== read.at_ms) throw new Refusal("old", 409, "");
    await desk.call("POST", path("lines", line, "sheet"), { ...sheetBody(rows), initials: desk.initials() });
    await fetchSheet(desk, line);
  });

/** Into the text of the composer, where its cursor is. */
export function insert(desk: Desk, line: string, piece: string): void {
  const field = document.getElementById("text") as HTMLTextAreaElement;
  const { text, at } = inserted(draftOf(desk, line).text, field.selectionStart, field.selectionEnd, piece);
  draftEvent(desk, line, { is: "change", change: { text } });
  field.focus();
  field.setSelectionRange(at, at);
}

export const notesOf = async (desk: Desk, line: string): Promise<LineNote[]> => (await desk.call<{ notes: LineNote[] }>("GET", path("lines", line, "notes"))).notes;
export const addNote = (desk: Desk, line: string, text: string): Promise<boolean> =>
  desk.try(() => desk.call("POST", path("lines", line, "notes"), { text, initials: desk.initials() }));

export const watchSheet = (desk: Desk): Promise<WatchSheet> => desk.call<WatchSheet>("GET", "watch/sheet");
