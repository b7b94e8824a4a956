// The calls of the desk, answered by the dummy line in the place of the station. What it does not know is refused.
import type { Grade, Message, Precedence, Stage } from "../api/types";
import { keep, made, mark, marked, sent, type Practice } from "./practice";

export interface Answered {
  practice: Practice;
  answer: unknown; // undefined: refused, there is no such thing here
}

interface Body {
  id?: string;
  text?: string;
  grade?: Grade;
  precedence?: Precedence;
  ref?: string;
  stage?: Stage;
  post?: string;
  initials?: string;
}

const done = (practice: Practice): Answered => ({ practice, answer: {} });

/** The same text under the same id is the one that there is. */
function send(p: Practice, id: string, { text = "", grade = "talk", precedence = "routine", ref, initials }: Body): Answered {
  if (p.kept.has(id)) return { practice: p, answer: { id } };
  const message = made(p, { id, direction: "out", kind: "text", grade, precedence, text, ref: ref ?? null, stages: [mark("released", "here", p.now)] });
  const answers = ref === undefined ? undefined : p.kept.get(ref)?.message;
  const next = answers ? marked(p, answers, [mark("answered", "here", p.now, initials ?? null)]) : p;
  return { practice: sent(next, message), answer: { id } };
}

function stage(p: Practice, message: Message, { stage: word, initials, post }: Body): Answered {
  return word ? done(marked(p, message, [mark(word, "here", p.now, initials ?? null, post ?? null)])) : { practice: p, answer: undefined };
}

/** A person here answers: for the watch, and every drill that waits. */
function answer(p: Practice, initials: string | null): Practice {
  let next: Practice = { ...p, watch: { ...p.watch, answered_ms: p.now } };
  for (const { message } of p.kept.values()) {
    if (message.kind !== "drill" || message.direction !== "in" || message.stages.some((s) => s.stage === "answered")) continue;
    next = keep(next, { ...message, stages: [...message.stages, mark("answered", "here", p.now, initials)] });
  }
  return next;
}

function drill(p: Practice, id: string): Answered {
  return { practice: sent(p, made(p, { id, direction: "out", kind: "drill", precedence: "immediate", stages: [mark("released", "here", p.now)] })), answer: { id } };
}

const watched = (p: Practice, initials: string): Answered => done({ ...p, watch: { initials, taken_ms: p.now, answered_ms: p.now } });

/** `id` is one that nothing has yet. */
export function called(p: Practice, method: "GET" | "POST", route: string, given: unknown, id: string): Answered {
  const parts = route.split("/").map(decodeURIComponent);
  const body = (given ?? {}) as Body;
  const message = parts[0] === "messages" ? p.kept.get(parts[1] ?? "")?.message : undefined;
  if (method === "GET" && message && parts.length === 2) return { practice: p, answer: message };
  if (method === "GET") return { practice: p, answer: undefined };
  if (route === "messages") return send(p, body.id ?? id, body);
  if (message && parts[2] === "stage") return stage(p, message, body);
  if ((route === "watch/take" || route === "watch/hand-over") && body.initials) return watched(p, body.initials);
  if (route === "watch/answer") return done(answer(p, p.watch.initials));
  if (parts[0] === "lines" && parts[1] === p.words.line && parts[2] === "drill") return drill(p, id);
  return { practice: p, answer: undefined };
}
