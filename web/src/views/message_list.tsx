import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { memo } from "./memo";
import type { Message } from "../api/types";
import { keepsDrafts, search } from "../desk_papers";
import { write } from "../desk_writing";
import { Drafts } from "./drafts";
import { oneLine } from "../state/hostile";
import { arrived, awaitsThem, lastStage, messagesOf, waits } from "../state/message";
import { linesOf } from "../state/feed";
import { currentLanguage, t } from "../words/words";
import type { ViewProps } from "./app";
import { Clock, formValue, Name, Time } from "./parts";

export function MessageList({ desk, state, now, line }: ViewProps & { now: number; line: string }): JSX.Element {
  const all = useMemo(() => messagesOf(state.picture.messages, line), [state.picture.messages, line]);
  const messages = state.found === null ? all : all.filter((m) => state.found?.has(m.id));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void search(desk, formValue(event.currentTarget as HTMLFormElement, "search"));
  };
  const list = useRef<HTMLUListElement>(null);
  const last = messages[messages.length - 1]?.id;
  // New ones come at the end, where one looks.
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [line, last]);
  const at = linesOf(state.picture).find((l) => l.name === line);
  return (
    <section class="list-pane" aria-label={t("messages")}>
      <header>
        <button type="button" class="back quiet" onClick={() => desk.select(null)}>{t("back")}</button>
        <h2><Name text={line} /></h2>
        {at && <span class={`state state-${at.state}`}>{t(`state-${at.state}`)}</span>}
        <button type="button" class="quiet" onClick={() => desk.panel("line")}>{t("details")}</button>
        {keepsDrafts(desk) && <button type="button" class="quiet" onClick={() => desk.panel("sheet")}>{t("sheet")}</button>}
        {keepsDrafts(desk) && desk.may("watch") && <button type="button" class="quiet" onClick={() => desk.panel("notes")}>{t("notes")}</button>}
        {desk.may("write") && <button type="button" onClick={() => write(desk)}>{t("write")} <kbd>F4</kbd></button>}
      </header>
      {keepsDrafts(desk) && (
        <form class="search" role="search" key={line} onSubmit={submit}>
          <input type="search" name="search" maxLength={200} aria-label={t("search")} placeholder={t("search")} dir="auto" autocomplete="off"
            onInput={(e) => { if (e.currentTarget.value === "") void search(desk, ""); }} />
          {state.found !== null && <output>{t("found", { count: messages.length })}</output>}
        </form>
      )}
      <Drafts desk={desk} state={state} line={line} />
      {messages.length === 0 && state.found === null && <p class="empty">{t("no-messages")}</p>}
      <ul class="messages" ref={list} aria-label={t("messages")}>
        {messages.map((m) => (
          <Row key={m.id} message={m} preview={state.texts.get(m.id)?.text ?? null} chosen={m.id === state.message}
            clock={waits(m) || awaitsThem(m) ? Math.floor(now / 1000) : 0} language={currentLanguage()} open={desk} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  message: Message;
  preview: string | null;
  chosen: boolean;
  clock: number; // the second, where a clock of it runs; else 0, so that it is not drawn again
  language: string;
  open: ViewProps["desk"];
}

const Row = memo(function Row({ message: m, preview, chosen, clock, open }: RowProps): JSX.Element {
  const stage = lastStage(m);
  const by = [...m.stages].reverse().find((s) => s.stage === stage && s.initials)?.initials;
  return (
    <li class={`row ${m.direction} grade-${m.grade} precedence-${m.precedence}${chosen ? " chosen" : ""}${waits(m) ? " waits" : ""}`}>
      <button type="button" aria-current={chosen} onClick={() => open.open(m.id)}>
        <span class="row-head">
          <span class="direction">{t(`direction-${m.direction}`)}</span>
          <Time ms={arrived(m)} />
          <span class="precedence">{m.kind === "drill" ? t("drill") : t(`precedence-${m.precedence}`)}</span>
          {m.kind === "read-back" && <span class="word">{t("read-back")}</span>}
          {m.read_back === "asked" && m.direction === "in" && <span class="needs">{t("read-back-asked")}</span>}
          {m.mark !== "" && <span class="mark">{t(`mark-${m.mark}`)}</span>}
          {m.kind === "text" && <span class="grade">{t(`grade-${m.grade}`)}</span>}
          {m.acknowledge_by_ms !== null && clock > 0 && <Clock by={m.acknowledge_by_ms} now={clock * 1000} precedence={m.precedence} />}
        </span>
        {m.file && <span class="preview" dir="auto">{oneLine(m.file.name, 80)} · {t("bytes", { count: m.bytes })}</span>}
        {(m.kind === "text" || m.kind === "read-back") && (
          <span class="preview" dir="auto">{preview === null ? t("bytes", { count: m.bytes }) : oneLine(preview, 120)}</span>
        )}
        <span class="stage">{stage && t(`stage-${stage}`)} {by && <b dir="ltr">{by}</b>}</span>
      </button>
    </li>
  );
});
