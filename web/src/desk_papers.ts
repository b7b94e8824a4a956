// What is done with drafts, translations, read-backs and files: calls, joined to the desk.
import { path, Refusal } from "./api/call";
import type { Message } from "./api/types";
import type { Desk } from "./desk";
import { draftOf } from "./desk_writing";
import { otherVersion, type KeptDraft, type Terms } from "./state/drafts";
import { compose, type Draft } from "./state/compose";

export const FILE_LIMIT = 1_000_000;

/** Does the station keep drafts? An older one has none, and says so by not counting them. */
export const keepsDrafts = (desk: Desk): boolean => desk.state.picture.status?.drafts !== undefined;

let seen: number | undefined;

/** Fetches them whenever the station says that one is not as it was. */
export async function followDrafts(desk: Desk): Promise<void> {
  const now = desk.state.picture.status?.drafts;
  if (now === undefined || now === seen) return;
  seen = now;
  try {
    const { drafts } = await desk.call<{ drafts: KeptDraft[] }>("GET", `drafts?initials=${desk.initials()}`);
    if (desk.state.screen.is === "desk") desk.set({ kept: drafts });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    seen = undefined;
  }
}

export const forgetDrafts = (): void => void (seen = undefined);

/** Keeps the text as a draft of its own id, and offers it to a second person if that is asked. */
export async function keep(desk: Desk, line: string, offer: boolean): Promise<void> {
  const draft: Draft = draftOf(desk, line);
  await desk.try(async () => {
    const { id, text, grade, precedence, exercise, ref } = draft;
    const initials = desk.initials();
    await desk.call("POST", "drafts", { id, initials, line, text, grade, precedence, exercise, ...(ref === null ? {} : { ref }) });
    if (offer) await desk.call("POST", path("drafts", id, "offer"), { initials });
    const drafts = new Map(desk.state.drafts);
    drafts.set(line, compose({ ...draft, state: "sending" }, { is: "sent", nextId: desk.newId() }));
    desk.set({ drafts });
  });
}

/** About one version of a draft. Where there is another one by now, that is said, and it is shown. */
async function tryVersion(desk: Desk, draft: KeptDraft, work: () => Promise<unknown>): Promise<boolean> {
  const done = await desk.try(work);
  const { note } = desk.state;
  if (done || note?.code !== "conflict") return done;
  forgetDrafts();
  await followDrafts(desk);
  if (otherVersion(desk.state.kept, draft)) desk.set({ note: { code: "old", detail: "" } });
  return false;
}

export const release = (desk: Desk, draft: KeptDraft): Promise<boolean> =>
  tryVersion(desk, draft, () => desk.call("POST", path("drafts", draft.id, "release"), { version: draft.version, initials: desk.initials() }));
export const changeDraft = (desk: Desk, draft: KeptDraft, change: Partial<Terms>): Promise<boolean> =>
  tryVersion(desk, draft, async () => {
    // A change names no version, so that which one there is, is asked just before.
    const { drafts } = await desk.call<{ drafts: KeptDraft[] }>("GET", `drafts?initials=${desk.initials()}`);
    if (otherVersion(drafts, draft)) throw new Refusal("conflict", 409, "");
    await desk.call("POST", path("drafts", draft.id, "change"), { ...change, initials: desk.initials() });
  });
export const offer = (desk: Desk, draft: KeptDraft): Promise<boolean> => desk.try(() => desk.call("POST", path("drafts", draft.id, "offer"), { initials: desk.initials() }));
export const discard = (desk: Desk, draft: KeptDraft): Promise<boolean> => desk.try(() => desk.call("POST", path("drafts", draft.id, "discard"), { initials: desk.initials() }));

const SEARCH_PARTS = 64;

/** Texts, translations and file names of the chosen line; empty: all messages again. */
export async function search(desk: Desk, text: string): Promise<void> {
  const { line } = desk.state;
  if (line === null || text.trim() === "") return desk.set({ found: null });
  await desk.try(async () => {
    const ids = new Set<string>();
    let before = "";
    for (let part = 0; part < SEARCH_PARTS; part++) {
      const query = `messages?line=${encodeURIComponent(line)}&search=${encodeURIComponent(text)}${before && `&before=${before}`}`;
      const answer = await desk.call<{ messages: Message[]; more: string | null }>("GET", query);
      for (const message of answer.messages) ids.add(message.id);
      if (answer.more === null) break;
      before = answer.more;
    }
    if (desk.state.line === line) desk.set({ found: ids });
  });
}

export const translate = (desk: Desk, id: string, language: string, text: string): Promise<boolean> =>
  desk.act(id, () => desk.call("POST", path("messages", id, "translation"), { language, text, initials: desk.initials() }));
export const review = (desk: Desk, id: string, step: "review" | "certify", version: number): Promise<boolean> =>
  desk.act(id, () => desk.call("POST", `${path("messages", id)}/translation/${step}`, { version, initials: desk.initials() }));
export const readBack = (desk: Desk, id: string, text: string): Promise<boolean> =>
  desk.act(id, () => desk.call("POST", path("messages", id, "read-back"), { text, id: desk.newId(), initials: desk.initials() }));
export const confirmReadBack = (desk: Desk, id: string, good: boolean): Promise<boolean> =>
  desk.act(id, () => desk.call("POST", `${path("messages", id)}/read-back/confirm`, { good, initials: desk.initials() }));

const base64 = async (file: Blob): Promise<string> => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
};

export async function sendFile(desk: Desk, line: string, file: File): Promise<boolean> {
  if (file.size > FILE_LIMIT) {
    desk.set({ note: { code: "out_of_range", detail: "" } });
    return false;
  }
  const id = desk.newId();
  return desk.try(async () => desk.call("POST", "messages", { line, id, precedence: "routine", grade: "talk", file: { name: file.name, base64: await base64(file) } }));
}

/** A file is saved, never shown: its bytes get a type that no browser draws. */
export async function saveFile(desk: Desk, id: string): Promise<void> {
  await desk.try(async () => {
    const { name, base64: text } = await desk.call<{ name: string; base64: string }>("GET", path("messages", id, "file"));
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name.replace(/[^\p{L}\p{N}._ -]/gu, "_").replace(/^\.+/, "_");
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
}
