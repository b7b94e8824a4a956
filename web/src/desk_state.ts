// Everything that the page shows, in one value.
import type { Message, Sheet, Stage } from "./api/types";
import type { Practising } from "./desk_practice";
import type { Draft } from "./state/compose";
import type { KeptDraft } from "./state/drafts";
import { nothing, type Picture } from "./state/feed";
import type { Screen } from "./state/seat";
import type { Language } from "./words/words";

export type Panel = null | "watch" | "help" | "panic" | "pair" | "line" | "sheet" | "notes" | "hand-over" | "operators" | "passphrase" | { stage: Stage; message: string };

export interface Note {
  code: string; // a key refusal-CODE of the words
  detail: string; // the station's own sentence, in English
}

export interface State {
  screen: Screen;
  picture: Picture;
  live: boolean;
  now: number; // the page's steady clock
  language: Language;
  line: string | null;
  message: string | null; // id of the one that is open
  writing: boolean;
  texts: ReadonlyMap<string, Message>;
  drafts: ReadonlyMap<string, Draft>;
  kept: readonly KeptDraft[];
  sheets: ReadonlyMap<string, Sheet>; // by line
  found: ReadonlySet<string> | null; // what a search found; null: none is on
  practice: Practising | null; // what is shown in the place of this desk
  covered: boolean;
  wall: boolean;
  panel: Panel;
  note: Note | null;
  busy: boolean;
  idleSoon: boolean;
  idleMs: number;
}

export const begin = (language: Language): State => ({
  screen: { is: "opening" },
  picture: nothing,
  live: false,
  now: 0,
  language,
  line: null,
  message: null,
  writing: false,
  texts: new Map(),
  drafts: new Map(),
  kept: [],
  sheets: new Map(),
  found: null,
  practice: null,
  covered: false,
  wall: false,
  panel: null,
  note: null,
  busy: false,
  idleSoon: false,
  idleMs: 15 * 60_000,
});
