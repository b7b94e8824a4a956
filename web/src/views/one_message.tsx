import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import type { Message, Stage } from "../api/types";
import { stage } from "../desk_messages";
import { keepsDrafts, saveFile } from "../desk_papers";
import { answer } from "../desk_watch";
import { write } from "../desk_writing";
import { sayable } from "../state/message";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { Clock, Hostile, InPractice, Time } from "./parts";
import { ReadBack } from "./read_back";
import { Translation } from "./translation";

export function OneMessage({ desk, state, now }: ViewProps & { now: number }): JSX.Element {
  const m = state.message === null ? undefined : state.picture.messages.get(state.message);
  if (!m) {
    return (
      <section class="one-message none" aria-label={t("message")}>
        <p class="empty">{t("pick-a-message")}</p>
      </section>
    );
  }
  const full = state.texts.get(m.id);
  return (
    <section class={`one-message grade-${m.grade}`} aria-label={t("message")}>
      <header>
        <button type="button" class="back quiet" onClick={() => desk.open(null)}>{t("back")}</button>
        <h2>
          <span class="direction">{t(`direction-${m.direction}`)}</span>{" "}
          <span class={`precedence precedence-${m.precedence}`}>{m.kind === "drill" ? t("drill") : t(`precedence-${m.precedence}`)}</span>{" "}
          <span class="grade">{t(`grade-${m.grade}`)}</span>
          {m.mark !== "" && <span class="mark">{t(`mark-${m.mark}`)}</span>}
        </h2>
        {m.acknowledge_by_ms !== null && (
          <p class="acknowledge-by">
            {t(m.direction === "in" ? "acknowledge-in" : "they-acknowledge-in")}{" "}
            <Clock by={m.acknowledge_by_ms} now={now} precedence={m.precedence} />
          </p>
        )}
      </header>
      {(m.kind === "text" || m.kind === "read-back") && (
        <div class={full?.translation ? "two-texts" : ""}>
          <div class="text" dir="auto" tabIndex={0}>{full?.text === undefined ? t("fetching") : <Hostile text={full.text} />}</div>
          {full && m.kind === "text" && <Translation key={m.id} desk={desk} state={state} full={full} />}
        </div>
      )}
      {m.file && (
        <p class="file">
          <bdi><Hostile text={m.file.name} limit={200} /></bdi> · {t("bytes", { count: m.bytes })}{" "}
          <button type="button" onClick={() => void saveFile(desk, m.id)}>{t("save-file")}</button>
          <span class="hint"> {t("file-never-shown")}</span>
        </p>
      )}
      <ReadBack key={`${m.id}read-back`} desk={desk} state={state} message={m} />
      <Actions desk={desk} state={state} message={m} />
      <Stages message={m} />
    </section>
  );
}

function Stages({ message }: { message: Message }): JSX.Element {
  return (
    <table class="stages">
      <caption>{t("stages")}</caption>
      <tbody>
        {message.stages.map((s, i) => (
          <tr key={i} class={s.by}>
            <th scope="row">{t(`stage-${s.stage}`)}</th>
            <td>{t(s.by === "here" ? "by-here" : "by-there")}</td>
            <td><Time ms={s.at_ms} day /></td>
            <td>{s.initials && <b dir="ltr">{s.initials}</b>} {s.post && <bdi><Hostile text={s.post} limit={64} /></bdi>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Actions({ desk, message }: ViewProps & { message: Message }): JSX.Element | null {
  const say = (word: Stage): void => {
    if (word === "passed") desk.panel({ stage: word, message: message.id });
    else void stage(desk, message.id, word);
  };
  const practising = useContext(InPractice);
  const words = sayable(message);
  if (message.direction === "out" || !desk.may("stage")) return null;
  return (
    <p class="actions">
      {message.kind === "drill" && <button type="button" class="primary" onClick={() => void answer(desk)}>{t("answer-drill")} <kbd>F8</kbd></button>}
      {words.map((word) => (
        <button key={word} type="button" class={word === "read" ? "primary" : ""} onClick={() => say(word)}>
          {t(`say-${word}`)} {word === "read" && <kbd>F2</kbd>}
        </button>
      ))}
      {message.kind === "text" && <button type="button" onClick={() => write(desk, keepsDrafts(desk) || practising ? message.id : null)}>{t("reply")} <kbd>F4</kbd></button>}
    </p>
  );
}
