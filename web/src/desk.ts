// What people do at the page, and what the station answers. Decisions are in state/; this joins them to the calls.
import { Refusal, setToken } from "./api/call";
import type { Feed } from "./api/feed";
import { newId } from "./api/id";
import { ring, wakeSound } from "./api/sound";
import { theStation, type Station } from "./api/station";
import type { FeedEvent, Operator, Seat } from "./api/types";
import { followDrafts, forgetDrafts } from "./desk_papers";
import { Texts } from "./desk_texts";
import { begin, type Panel, type State } from "./desk_state";
import { alarmOf } from "./state/alarm";
import { heard, isLive, LIVE_MS, linesOf, nothing, stationNow } from "./state/feed";
import { may, type Deed } from "./state/roles";
import { idleState, seated, secretOf } from "./state/seat";
import { choose, isLanguage, speak, type Language } from "./words/words";

const BATCH_MS = 16;
const CHECK_MS = 250;
const RING_EVERY_MS = 3_000;
const HERE_MS = 60_000;

export class Desk {
  state: State = begin("en");
  #watchers = new Set<() => void>();
  #feed: Feed | null = null;
  #events: FeedEvent[] = [];
  #touched = performance.now();
  #saidHere = -Infinity;
  #rang = 0;
  #texts = new Texts(this);
  #writer: string | null = null; // whose texts the drafts are

  #checks: number | undefined;
  #lapse: number | undefined;
  call: Station["call"] = (method, route, body) => this.station.call(method, route, body);

  constructor(readonly station: Station = theStation) {}

  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change, now: performance.now() };
    for (const watcher of this.#watchers) watcher();
  }

  async start(): Promise<void> {
    await this.speak(choose(navigator.languages));
    this.#checks = window.setInterval(() => this.#check(), CHECK_MS);
    const secret = secretOf(location.hash);
    if (location.hash !== "") history.replaceState(null, "", "/");
    if (secret === null) this.set({ screen: { is: "resume" } });
    else await this.#seat("seat", { secret }, "no-seat");
  }

  /** A desk without a seat, and without end: the practice. */
  sit(operator: Operator, language: Language): void {
    this.#checks = window.setInterval(() => this.#check(), CHECK_MS);
    this.set({ screen: { is: "desk", operator }, idleMs: Infinity, language });
    this.#begin();
  }

  rise(): void {
    window.clearInterval(this.#checks);
    this.#drop();
  }

  async speak(language: Language): Promise<void> {
    await speak(language);
    this.set({ language });
  }

  // ---- the seat

  async #seat(route: string, body: unknown, otherwise: "no-seat" | null): Promise<void> {
    try {
      const answer = await this.call<{ token: string }>("POST", route, body);
      setToken(answer.token);
      await this.#look();
    } catch (error) {
      this.refused(error);
      if (otherwise && error instanceof Refusal && error.status !== 0) this.set({ screen: { is: otherwise } });
    }
  }

  async #look(): Promise<void> {
    const seat = await this.call<Seat>("GET", "seat");
    const screen = seated(this.state.screen, { is: "seat", seat });
    this.set({ screen, note: null, idleMs: (seat.idle_s || 900) * 1000 });
    if (screen.is !== "desk") return;
    if (this.#writer !== screen.operator.name) this.set({ drafts: new Map() });
    this.#writer = screen.operator.name;
    if (isLanguage(screen.operator.language)) await this.speak(screen.operator.language);
    this.#touched = performance.now();
    this.#begin();
  }

  async signIn(operator: string, passphrase: string): Promise<void> {
    wakeSound();
    const resuming = this.state.screen.is === "resume";
    this.set({ busy: true });
    if (resuming) {
      await this.#seat("seat/resume", { operator, passphrase }, null);
    } else {
      await this.try(async () => {
        await this.call("POST", "sign-in", { operator, passphrase });
        await this.#look();
      });
    }
    this.set({ busy: false });
  }

  async firstOperator(body: { name: string; initials: string; language: Language; passphrase: string }): Promise<void> {
    this.set({ busy: true });
    await this.try(async () => {
      await this.call("POST", "operators", { ...body, role: "admin", lines: null });
      await this.call("POST", "sign-in", { operator: body.name, passphrase: body.passphrase });
      await this.#look();
    });
    this.set({ busy: false });
  }

  /** Locks this seat: what it showed is dropped, and a name and passphrase are asked for. */
  async lock(covered = false): Promise<void> {
    this.#drop();
    this.set({ screen: seated(this.state.screen, { is: "signed-out" }), covered });
    try {
      await this.call("POST", "sign-out", {});
    } catch {
      this.set({ screen: { is: "resume" } });
    }
  }

  #drop(): void {
    this.#feed?.stop();
    this.#feed = null;
    this.state.practice?.desk.rise();
    this.#events = [];
    this.#texts.stale();
    forgetDrafts();
    this.set({ practice: null, kept: [], sheets: new Map(), found: null, picture: nothing, live: false, texts: new Map(), line: null, message: null, writing: false, panel: null, wall: false, note: null, idleSoon: false });
  }

  // ---- the feed

  #begin(): void {
    this.#feed?.stop();
    this.#feed = this.station.follow(
      () => this.state.picture.seq,
      (event) => {
        if (this.#events.push(event) === 1) window.setTimeout(() => this.#hear(), BATCH_MS);
      },
      () => void this.#verify(),
    );
  }

  #hear(): void {
    const events = this.#events;
    this.#events = [];
    if (events.length === 0 || this.state.screen.is !== "desk") return;
    const before = this.state.picture;
    const picture = heard(before, events, performance.now());
    // What is not as it was, or may be gone, is fetched anew when it is shown.
    for (const e of events) {
      if (e.event === "reset") this.#texts.stale();
      if (e.event === "message") this.#texts.stale(e.message.id);
    }
    const lines = linesOf(picture);
    const line = this.state.line !== null && !lines.some((l) => l.name === this.state.line) ? null : this.state.line;
    this.set({ picture, live: true, line });
    // To the instant: the round of checks alone would leave a dead picture on the screen a quarter of a second longer.
    window.clearTimeout(this.#lapse);
    this.#lapse = window.setTimeout(() => this.#check(), LIVE_MS);
    if (picture.status?.locked === true) void this.#verify();
    void followDrafts(this);
    if (this.state.line === null && lines.length > 0 && window.innerWidth >= 1000) this.select(lines[0]!.name);
    this.#texts.previews();
    if (this.state.message !== null) void this.#texts.fetch(this.state.message, false);
  }

  /** Four times a second: is the screen live, is anybody here, does anything ring, does a text wait for its answer. */
  #check(): void {
    if (this.state.screen.is !== "desk") return;
    const now = performance.now();
    const live = isLive(this.state.picture, now);
    if (live !== this.state.live) this.set({ live });
    else if (Math.floor(now / 1000) !== Math.floor(this.state.now / 1000)) this.set({});
    const idle = idleState(this.#touched, now, this.state.idleMs);
    if (idle === "idle") void this.lock(true);
    else if ((idle === "soon") !== this.state.idleSoon) this.set({ idleSoon: idle === "soon" });
    if (now - this.#rang >= RING_EVERY_MS && live && alarmOf(this.state.picture, stationNow(this.state.picture, now)) === "ring") {
      this.#rang = now;
      ring();
    }
  }

  /** Somebody is here. The station hears of it once a minute, or it would sign out one who only reads. */
  touch(): void {
    this.#touched = performance.now();
    if (this.state.screen.is === "desk" && this.#touched - this.#saidHere > HERE_MS) {
      this.#saidHere = this.#touched;
      this.call("POST", "seat/here", {}).catch(() => undefined);
    }
    if (this.state.idleSoon) this.set({ idleSoon: false });
  }

  // ---- calls

  refused(error: unknown): void {
    if (!(error instanceof Refusal)) throw error;
    this.set({ note: { code: error.code, detail: error.detail } });
    if (error.code === "refused" || error.code === "locked") void this.#verify();
  }

  /** Something was refused: is somebody still signed in at this seat, and is it still one? */
  async #verify(): Promise<void> {
    if (this.state.screen.is !== "desk") return;
    try {
      const seat = await this.call<Seat>("GET", "seat");
      if (seat.operator) return;
      this.#drop();
      this.set({ screen: seated(this.state.screen, { is: "seat", seat }) });
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "refused") return;
      const { note } = this.state;
      this.#drop();
      setToken(null);
      this.set({ screen: seated(this.state.screen, { is: "ended" }), note: note ?? { code: error.code, detail: error.detail } });
    }
  }

  /** Does it; says why not where the station refuses. Was it done? */
  async try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      if (this.state.note) this.set({ note: null });
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    }
  }

  /** The same about one message, which is then fetched again. */
  async act(id: string, work: () => Promise<unknown>): Promise<boolean> {
    const done = await this.try(work);
    if (done) await this.#texts.fetch(id, true);
    return done;
  }

  // ---- lines and messages

  select(line: string | null): void {
    this.set({ line, message: null, writing: false, found: null });
    this.#texts.previews();
  }

  open(id: string | null): void {
    this.set({ message: id });
    if (id !== null) void this.#texts.fetch(id, false);
  }

  panel(panel: Panel): void {
    this.set({ panel, note: null });
  }

  may(deed: Deed): boolean {
    return this.state.screen.is === "desk" && may(this.state.screen.operator.role, deed);
  }

  newId = newId;

  initials(): string {
    return this.state.screen.is === "desk" ? this.state.screen.operator.initials : "";
  }

  // ---- the station

  async unlock(passphrase: string): Promise<void> {
    await this.try(async () => {
      await this.call("POST", "unlock", { passphrase });
      await this.#look();
    });
  }
  async panic(): Promise<void> {
    if (await this.try(() => this.call("POST", "panic", { confirm: "erase" }))) {
      this.#drop();
      setToken(null);
      this.set({ screen: { is: "no-seat" }, covered: true });
    }
  }
}
