import type { JSX } from "preact";
import type { Grade, Precedence } from "../api/types";
import { arrivalAt, bytesOf, cellsOf, CLOCKS_MS, maySend, mayWrite, TEXT_LIMIT, type Draft } from "../state/compose";
import { keep, keepsDrafts, sendFile } from "../desk_papers";
import { draftEvent, send } from "../desk_writing";
import { needsRelease } from "../state/roles";
import { linesOf } from "../state/feed";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { Age, Name, Time } from "./parts";
import { SheetPick } from "./sheet_pick";

// A notice is signed; the station does not sign yet, so none is offered.
export const GRADES: Grade[] = ["service", "talk", "note"];
export const PRECEDENCES: Precedence[] = ["flash", "immediate", "priority", "routine"];

interface ComposerProps extends ViewProps {
  now: number;
  line: string;
  draft: Draft;
}

export function Composer({ desk, state, now, line, draft }: ComposerProps): JSX.Element {
  const change = (change: Partial<Pick<Draft, "text" | "grade" | "precedence" | "exercise" | "ref">>): void =>
    void draftEvent(desk, line, { is: "change", change });
  // FLASH and what is formal goes by a second officer, where the station keeps drafts.
  const second = keepsDrafts(desk) && needsRelease(draft.grade, draft.precedence);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (maySend(draft)) void (second ? keep(desk, line, true) : send(desk, line));
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && event.ctrlKey) submit(event);
  };
  const skin = `composer grade-${draft.grade}${draft.exercise ? " exercise" : ""}${draft.state === "writing" ? "" : " underway"}`;
  return (
    <form class={skin} onSubmit={submit} onKeyDown={keys} aria-label={t("composer")}>
      <header>
        <button type="button" class="back quiet" onClick={() => desk.set({ writing: false })}>{t("back")}</button>
        <strong class="grade-word">{t(`grade-${draft.grade}`)}</strong>
        <span class="grade-says">{t(`grade-${draft.grade}-says`)}</span>
        <span class="to">{t("to")} <Name text={line} /></span>
      </header>
      {draft.exercise && <p class="exercise-band">{t("exercise-band")}</p>}
      <label class="visually-hidden" for="text">{t("text")}</label>
      <textarea id="text" dir="auto" rows={4} value={draft.text} readOnly={!mayWrite(draft)} spellcheck={false}
        onInput={(e) => change({ text: e.currentTarget.value })} placeholder={t("write-here")} />
      <div class="settings">
        <Choice legend={t("grade")} name="grade" values={GRADES} chosen={draft.grade} word={(g) => t(`grade-${g}`)} choose={(grade) => change({ grade })} />
        <Choice legend={t("precedence")} name="precedence" values={PRECEDENCES} chosen={draft.precedence}
          word={(p) => t(`precedence-${p}`)} choose={(precedence) => change({ precedence })} />
        <label class="check">
          <input type="checkbox" checked={draft.exercise} onChange={(e) => change({ exercise: e.currentTarget.checked })} /> {t("mark-EXERCISE")}
        </label>
      </div>
      <footer>
        <Measures state={state} now={now} line={line} draft={draft} />
        {keepsDrafts(desk) && <button type="button" disabled={!maySend(draft)} onClick={() => void keep(desk, line, false)}>{t("keep-draft")}</button>}
        <button class="primary" disabled={!maySend(draft)}>
          {t(draft.state !== "writing" ? "being-sent" : second ? "offer-second" : "send")} <kbd>Ctrl ⏎</kbd>
        </button>
      </footer>
      {draft.ref !== null && (
        <p class="hint">{t("answers-a-message")} <button type="button" class="quiet" onClick={() => change({ ref: null })}>{t("answers-none")}</button></p>
      )}
      {keepsDrafts(desk) && <SheetPick desk={desk} state={state} line={line} draft={draft} />}
      {keepsDrafts(desk) && (
        <details class="file">
          <summary>{t("send-file")}</summary>
          <p class="hint">{t("file-says")}</p>
          <input type="file" aria-label={t("send-file")} onChange={(e) => {
            const input = e.currentTarget;
            const file = input.files?.[0];
            if (file) void sendFile(desk, line, file).then(() => { input.value = ""; });
          }} />
        </details>
      )}
      {draft.state === "lost" && <p class="lost" role="status">{t("send-lost")}</p>}
    </form>
  );
}

/** How long it is in cells, when it would be there, and how long they then have. */
function Measures({ state, now, line, draft }: Omit<ComposerProps, "desk">): JSX.Element {
  const at = linesOf(state.picture).find((l) => l.name === line);
  const cells = cellsOf(draft.text);
  const bytes = bytesOf(draft.text);
  return (
    <p class="measures">
      <span>{t("cells", { count: cells })}</span>
      {bytes > TEXT_LIMIT && <b class="over">{t("too-long", { count: bytes - TEXT_LIMIT })}</b>}
      {at && cells > 0 && (
        <span>
          {at.state === "OPEN" || at.state === "LATE" ? (
            <>{t("there-at")} <Time ms={arrivalAt(cells, at.waiting, at.round_ms, now)} /></>
          ) : (
            t("there-when-open")
          )}
        </span>
      )}
      <span>{t("they-have")} <Age ms={CLOCKS_MS[draft.precedence]} /></span>
    </p>
  );
}

interface ChoiceProps<V extends string> {
  legend: string;
  name: string;
  values: readonly V[];
  chosen: V;
  word: (value: V) => string;
  choose: (value: V) => void;
}

function Choice<V extends string>({ legend, name, values, chosen, word, choose }: ChoiceProps<V>): JSX.Element {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {values.map((value) => (
        <label key={value} class={`${name}-${value}${value === chosen ? " on" : ""}`}>
          <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => choose(value)} />
          <span>{word(value)}</span>
        </label>
      ))}
    </fieldset>
  );
}
