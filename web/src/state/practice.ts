// The dummy line that one practises on: what a station would tell of it, made in the page's memory. Time is passed in.
import type { FeedEvent, Line, LineState, Message, Stage, StageMark, Status, Watch } from "../api/types";
import { cellsOf, CLOCKS_MS } from "./compose";
import { waits } from "./message";

/** What the far side says, in the operator's language. */
export interface PracticeWords {
  party: string;
  line: string;
  answer: string;
  flash: string;
}

/** What the one who practises lets the far side or the way to it do. */
export type FarDeed = "answer" | "drop" | "delay" | "ring" | "flash";

export interface Kept {
  seq: number; // as in the feed: what is told after it
  message: Message; // with its text
  cells: number; // that are still to go
}

/** On its way from there: it is here with the next round that opens. */
type Coming = { is: "answer"; id: string } | { is: "ring"; id: string } | { is: "flash"; id: string };

export interface Practice {
  words: PracticeWords;
  began: number;
  now: number;
  way: "open" | "late" | "down";
  since: number; // the way is so
  strip: string;
  opened: number;
  openedAt: number;
  answeredAt: number; // by a person there
  watch: Watch;
  seq: number;
  kept: ReadonlyMap<string, Kept>;
  coming: readonly Coming[];
}

export const ROUND_MS = 1_000;
/** Of a line that is late one round in so many opens. */
const LATE_ROUNDS = 5;
const STRIP = 60;
export const FAR_INITIALS = "XY";

export const beginPractice = (words: PracticeWords, now: number): Practice => ({
  words,
  began: now,
  now,
  way: "open",
  since: now,
  strip: "|".repeat(STRIP),
  opened: STRIP,
  openedAt: now,
  answeredAt: now,
  watch: { initials: null, taken_ms: null, answered_ms: null },
  seq: 0,
  kept: new Map(),
  coming: [],
});

// ---- messages

export const mark = (stage: Stage, by: "here" | "there", at_ms: number, initials: string | null = null, post: string | null = null): StageMark => ({ stage, by, at_ms, initials, post });

/** The model with this message as it is now: it is told again. */
export function keep(p: Practice, message: Message, cells = 0): Practice {
  const kept = new Map(p.kept);
  kept.set(message.id, { seq: p.seq + 1, message, cells });
  return { ...p, kept, seq: p.seq + 1 };
}

export const marked = (p: Practice, message: Message, marks: StageMark[]): Practice =>
  keep(p, { ...message, stages: [...message.stages, ...marks] }, p.kept.get(message.id)?.cells ?? 0);

export const has = (message: Message, stage: Stage, by: "here" | "there"): boolean => message.stages.some((s) => s.stage === stage && s.by === by);

type Given = Pick<Message, "id" | "direction" | "kind" | "precedence" | "stages"> & Partial<Message>;

/** Everything that is made in practice is marked so, wherever it is shown. */
export function made(p: Practice, given: Given): Message {
  const text = given.text ?? "";
  const bytes = new TextEncoder().encode(text).length;
  const by = given.kind === "drill" ? null : p.now + CLOCKS_MS[given.precedence];
  return { line: p.words.line, grade: "talk", mark: "EXERCISE", created_ms: p.now, bytes, acknowledge_by_ms: by, ref: null, file: null, read_back: null, ...given };
}

export const sent = (p: Practice, message: Message): Practice => keep(p, message, Math.max(1, cellsOf(message.text ?? "")) + 1);

function come(p: Practice, given: Pick<Message, "id" | "kind" | "precedence"> & Partial<Message>): Practice {
  return keep(p, made(p, { direction: "in", stages: [mark("stored", "here", p.now)], ...given }));
}

// ---- the far side

/** A person there reads and answers what has arrived, drills too, and says so in a message. */
function theyAnswer(p: Practice, id: string): Practice {
  let next: Practice = { ...p, answeredAt: p.now };
  let ref: string | null = null;
  for (const { message } of p.kept.values()) {
    if (message.direction !== "out" || !has(message, "stored", "there")) continue;
    const marks: StageMark[] = [];
    if (message.kind === "text" && !has(message, "read", "there")) marks.push(mark("read", "there", p.now, FAR_INITIALS));
    if (!has(message, "answered", "there")) marks.push(mark("answered", "there", p.now, FAR_INITIALS));
    if (marks.length === 0) continue;
    if (message.kind === "text") ref = message.id;
    next = marked(next, message, marks);
  }
  return come(next, { id, kind: "text", precedence: "routine", text: p.words.answer, ref });
}

function arrive(p: Practice): Practice {
  let next: Practice = { ...p, coming: [] };
  for (const { is, id } of p.coming) {
    if (is === "answer") next = theyAnswer(next, id);
    else if (is === "ring") next = come(next, { id, kind: "drill", precedence: "immediate" });
    else next = come(next, { id, kind: "text", precedence: "flash", text: p.words.flash });
  }
  return next;
}

const turn = (p: Practice, way: "late" | "down"): Practice => ({ ...p, way: p.way === way ? "open" : way, since: p.now });

/** `id` is that of the message that comes of it. */
export function farDeed(p: Practice, deed: FarDeed, id: string): Practice {
  if (deed === "drop") return turn(p, "down");
  if (deed === "delay") return turn(p, "late");
  return { ...p, coming: [...p.coming, { is: deed, id }] };
}

// ---- time

/** A cell of ours goes with every round that opens; a message is stored there when all of its cells are. */
function departed(p: Practice): Practice {
  let next = p;
  for (const [, { message, cells }] of p.kept) {
    if (cells === 0) continue;
    const marks: StageMark[] = [];
    if (!has(message, "sent", "here")) marks.push(mark("sent", "here", p.now));
    if (cells === 1) marks.push(mark("stored", "there", p.now));
    next = keep(next, { ...message, stages: [...message.stages, ...marks] }, cells - 1);
    break;
  }
  return next;
}

/** The rounds that have passed since, a page that slept among them. */
export function passed(p: Practice, now: number): Practice {
  let next = p;
  const last = Math.floor((now - p.began) / ROUND_MS);
  const first = Math.max(Math.floor((p.now - p.began) / ROUND_MS) + 1, last - STRIP);
  for (let round = first; round <= last; round++) {
    const opens = p.way === "open" || (p.way === "late" && round % LATE_ROUNDS === 0);
    next = { ...next, now: p.began + round * ROUND_MS, strip: (next.strip + (opens ? "|" : ".")).slice(-STRIP) };
    if (opens) next = arrive(departed({ ...next, opened: next.opened + 1, openedAt: next.now }));
  }
  return { ...next, now: Math.max(now, p.now) };
}

// ---- what is told

const STATES: Record<Practice["way"], { state: LineState; blame: string }> = {
  open: { state: "OPEN", blame: "" },
  late: { state: "LATE", blame: "own network" },
  down: { state: "DOWN", blame: "their machine or network" },
};

export function lineOf(p: Practice): Line {
  const { state, blame } = STATES[p.way];
  const messages = [...p.kept.values()];
  const unread = messages.filter((k) => waits(k.message));
  const clocks = unread.flatMap((k) => k.message.acknowledge_by_ms ?? []);
  const leg = { state, blame, operator: null, detail: "", age_ms: p.now - p.since, healed_rounds: null, strip: p.strip };
  return {
    ...leg,
    name: p.words.line,
    machine_age_ms: p.now - p.openedAt,
    watch: { initials: FAR_INITIALS, answered_age_ms: p.now - p.answeredAt },
    heard: 16,
    round_ms: ROUND_MS,
    rounds_opened: p.opened,
    paused_here: false,
    paused_there: false,
    their_store_full: false,
    venue: "direct",
    venues: [{ ...leg, venue: "direct" }],
    pairing: "confirmed",
    continuity: "whole",
    continuity_check: null,
    waiting: messages.filter((k) => k.cells > 0).length,
    unread: unread.length,
    acknowledge_by_ms: clocks.length > 0 ? Math.min(...clocks) : null,
  };
}

/** Without drafts, as of a station that keeps none: what needs a second person cannot be practised alone. */
export const statusOf = (p: Practice): Status => ({
  party: p.words.party,
  version: "",
  locked: false,
  now_ms: p.now,
  carrier: { connected: true },
  store: { rows: 0, used: 0, full: false },
  watch: p.watch,
  lines: [lineOf(p)],
});

/** What is new after this number, as the station's feed tells it; its text is asked for. */
export function eventsOf(p: Practice, since: number): FeedEvent[] {
  const news = [...p.kept.values()].filter((k) => k.seq > since).sort((a, b) => a.seq - b.seq);
  return [
    ...news.map(({ seq, message: { text: _, ...message } }): FeedEvent => ({ event: "message", seq, message })),
    { event: "status", status: statusOf(p) },
  ];
}
