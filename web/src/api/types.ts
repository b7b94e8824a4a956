// The answers of docs/api.md, as they come. Times are milliseconds UTC; ages are milliseconds.
import type { KeptDraft } from "../state/drafts";

export type LineState = "OPEN" | "LATE" | "DOWN" | "PAUSED" | "LOCKED" | "UNKNOWN";
export type Grade = "service" | "talk" | "note" | "notice";
export type Precedence = "flash" | "immediate" | "priority" | "routine";
export type Mark = "" | "EXERCISE" | "TEST";
export type Stage =
  | "draft" | "released" | "sent" | "stored"
  | "read" | "translated" | "passed" | "seen" | "answered" | "declined" | "not-now";
export type Role = "officer" | "releaser" | "interpreter" | "principal" | "archivist" | "admin";

export interface Leg {
  venue: string;
  state: LineState;
  blame: string;
  operator: string | null;
  detail: string;
  age_ms: number | null;
  healed_rounds: number | null;
  strip: string;
}

export interface Line {
  name: string;
  state: LineState;
  age_ms: number | null;
  blame: string;
  operator: string | null;
  detail: string;
  machine_age_ms: number | null;
  watch: { initials: string | null; answered_age_ms: number | null };
  healed_rounds: number | null;
  heard: number;
  strip: string;
  round_ms: number;
  rounds_opened: number;
  paused_here: boolean;
  paused_there: boolean;
  their_store_full: boolean;
  venue: string;
  venues: Leg[];
  pairing: "offered" | "accepted" | "confirmed";
  continuity: "whole" | "broken" | "refused";
  continuity_check: string[] | null;
  waiting: number;
  unread: number;
  acknowledge_by_ms: number | null;
}

export interface Watch {
  initials: string | null;
  taken_ms: number | null;
  answered_ms: number | null;
  exercise?: { initials: string; since_ms: number } | null;
}

export interface Status {
  party?: string;
  version: string;
  locked: boolean;
  now_ms: number;
  carrier: { connected: boolean };
  store: { rows: number; used: number; full: boolean };
  watch: Watch;
  drafts?: number; // another number whenever a draft is not as it was
  lines?: Line[];
}

export interface StageMark {
  stage: Stage;
  at_ms: number;
  by: "here" | "there";
  initials: string | null;
  post: string | null;
}

export interface Translation {
  language: string;
  text: string;
  translator: string;
  reviewer: string | null;
  certifier: string | null;
  version: number;
}

export interface Message {
  id: string;
  line: string;
  direction: "in" | "out";
  kind: "text" | "drill" | "file" | "read-back";
  grade: Grade;
  precedence: Precedence;
  mark: Mark;
  created_ms: number;
  bytes: number;
  acknowledge_by_ms: number | null;
  stages: StageMark[];
  text?: string;
  ref?: string | null;
  file?: { name: string } | null;
  read_back?: null | "asked" | "given" | "confirmed" | "wrong";
  translation?: Translation | null;
}

export interface Operator {
  name: string;
  initials: string;
  role: Role;
  language: string;
  lines: string[] | null;
}

export interface Seat {
  operator: Operator | null;
  idle_s: number;
  first_run?: boolean;
  locked?: boolean;
}

export type FeedEvent =
  | { event: "status"; status: Status }
  | { event: "message"; seq: number; message: Message }
  | { event: "reset"; seq: number };

export interface SheetEntry {
  code?: string; // of a phrase
  ours: string;
  theirs: string;
}

export interface Sheet {
  titles: SheetEntry[];
  salutations: SheetEntry[];
  phrases: SheetEntry[];
  initials: string | null; // who wrote it
  at_ms: number | null;
}

export interface LineNote {
  at_ms: number;
  initials: string;
  text: string;
}

export interface LedgerEntry {
  at_ms: number;
  what: string; // the station's sentence, in English
}

export interface LineOfWatch {
  line: Line;
  open: Message[]; // without text
  ledger: LedgerEntry[];
  notes: LineNote[];
}

export interface WatchSheet {
  at_ms: number;
  watch: Watch;
  lines: LineOfWatch[];
  drafts: Omit<KeptDraft, "text">[];
}
