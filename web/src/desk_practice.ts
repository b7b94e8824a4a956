// Practice: a second desk on a dummy line that is in this page's memory only. Nothing of it reaches the station or is kept.
import { Refusal } from "./api/call";
import type { Feed } from "./api/feed";
import { newId } from "./api/id";
import { wakeSound } from "./api/sound";
import type { Station } from "./api/station";
import type { FeedEvent, Operator } from "./api/types";
import { Desk } from "./desk";
import { waiting } from "./state/message";
import { beginPractice, eventsOf, farDeed, passed, ROUND_MS, type FarDeed, type Practice, type PracticeWords } from "./state/practice";
import { called } from "./state/practice_calls";
import { currentLanguage, t } from "./words/words";

export class PracticeStation implements Station {
  #practice: Practice;
  #say = (): void => undefined;

  constructor(words: PracticeWords) {
    this.#practice = beginPractice(words, Date.now());
  }

  async call<T>(method: "GET" | "POST", route: string, body?: unknown): Promise<T> {
    const { practice, answer } = called(passed(this.#practice, Date.now()), method, route, body, newId());
    this.#practice = practice;
    if (method === "POST") this.#say();
    if (answer === undefined) throw new Refusal("not_found", 404, "");
    return answer as T;
  }

  far(deed: FarDeed): void {
    this.#practice = farDeed(passed(this.#practice, Date.now()), deed, newId());
    this.#say();
  }

  follow(since: () => number, tell: (event: FeedEvent) => void): Feed {
    this.#say = () => {
      this.#practice = passed(this.#practice, Date.now());
      for (const event of eventsOf(this.#practice, since())) tell(event);
    };
    const timer = window.setInterval(() => this.#say(), ROUND_MS);
    this.#say();
    return { stop: () => window.clearInterval(timer) };
  }
}

export interface Practising {
  desk: Desk;
  station: PracticeStation;
}

export function practise(real: Desk): void {
  wakeSound();
  const station = new PracticeStation({ party: t("practice"), line: t("dummy-line"), answer: t("practice-answer"), flash: t("practice-flash") });
  const desk = new Desk(station);
  desk.watch(() => real.set({}));
  const nobody: Operator = { name: "", initials: "ME", role: "officer", language: real.state.language, lines: null };
  const operator: Operator = real.state.screen.is === "desk" ? { ...real.state.screen.operator, role: "officer", lines: null } : nobody;
  real.set({ practice: { desk, station }, panel: null });
  desk.sit(operator, real.state.language);
}

export function leavePractice(real: Desk): void {
  real.state.practice?.desk.rise();
  real.set({ practice: null, language: currentLanguage() });
}

/** Whoever practises hears of what waits on the real lines, and that they cannot be seen. */
export const realNeeds = (real: Desk): boolean =>
  real.state.screen.is === "desk" && (!real.state.live || waiting(real.state.picture.messages).length > 0);
