// What opens over the desk and closes with Escape.
import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import { stage } from "../desk_messages";
import { answer, exercise, take } from "../desk_watch";
import { ring } from "../api/sound";
import { drillWaits } from "../state/alarm";
import { linesOf } from "../state/feed";
import { KEYS } from "../state/keys";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { OperatorsPanel } from "./operators_panel";
import { HandOverPanel } from "./hand_over";
import { LinePanel } from "./line_panel";
import { NotesPanel } from "./notes_panel";
import { PairPanel } from "./pair_panel";
import { Age, Dialog, Field, formValue, InPractice, Time } from "./parts";
import { PassphrasePanel } from "./passphrase_panel";
import { Refused } from "./refused";
import { SheetPanel } from "./sheet_panel";
import { LanguagePick } from "./sign_in";

type PanelProps = ViewProps & { now: number };

export function Panels({ desk, state, now }: PanelProps): JSX.Element | null {
  switch (state.panel) {
    case null:
      return null;
    case "watch":
      return <WatchPanel desk={desk} state={state} now={now} />;
    case "help":
      return <HelpPanel desk={desk} state={state} />;
    case "panic":
      return <PanicPanel desk={desk} state={state} />;
    case "pair":
      return <PairPanel desk={desk} state={state} />;
    case "operators":
      return <OperatorsPanel desk={desk} state={state} />;
    case "passphrase":
      return <PassphrasePanel desk={desk} state={state} />;
    case "line": {
      const line = linesOf(state.picture).find((l) => l.name === state.line);
      return line ? <LinePanel desk={desk} state={state} line={line} /> : null;
    }
    case "sheet":
      return state.line === null ? null : <SheetPanel key={state.line} desk={desk} state={state} line={state.line} />;
    case "notes":
      return state.line === null ? null : <NotesPanel key={state.line} desk={desk} state={state} line={state.line} />;
    case "hand-over":
      return <HandOverPanel desk={desk} state={state} now={now} />;
    default:
      return <PostPanel desk={desk} state={state} message={state.panel.message} />;
  }
}

function WatchPanel({ desk, state, now }: PanelProps): JSX.Element {
  const watch = state.picture.status?.watch;
  const mine = state.screen.is === "desk" ? state.screen.operator.initials : "";
  const drills = [...state.picture.messages.values()].filter(drillWaits);
  return (
    <Dialog title={t("watch")} close={() => desk.panel(null)}>
      <p class="big">
        {watch?.initials ? <>{t("has-the-watch", { initials: watch.initials })} {watch.taken_ms !== null && <Time ms={watch.taken_ms} day />}</> : t("unattended")}
      </p>
      {watch?.answered_ms != null && <p>{t("answered")} <Age ms={now - watch.answered_ms} /></p>}
      {drills.length > 0 && <p class="needs">{t("drills-wait", { count: drills.length })}</p>}
      <p class="actions">
        {desk.may("watch") && watch?.initials !== mine && <button type="button" class="primary" onClick={() => void take(desk)}>{t("take-the-watch", { initials: mine })}</button>}
        {desk.may("watch") && <button type="button" onClick={() => void answer(desk)}>{t("answer-drill")} <kbd>F8</kbd></button>}
        {desk.may("watch") && <button type="button" onClick={() => desk.panel("hand-over")}>{t("hand-over-sheet")}</button>}
        <button type="button" onClick={ring}>{t("sound-test")}</button>
        {desk.may("watch") && watch?.exercise !== undefined && (
          <button type="button" onClick={() => void exercise(desk, watch.exercise === null)}>{t(watch.exercise === null ? "exercise-begin" : "exercise-end")}</button>
        )}
      </p>
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}

function HelpPanel({ desk, state }: ViewProps): JSX.Element {
  const practising = useContext(InPractice);
  return (
    <Dialog title={t("keys")} close={() => desk.panel(null)}>
      <table class="keys">
        <tbody>
          {Object.entries(KEYS).map(([key, act]) => (
            <tr key={key}><th scope="row"><kbd>{key}</kbd></th><td>{t(`key-${act}`)}</td></tr>
          ))}
          <tr><th scope="row"><kbd>Esc</kbd> <kbd>Esc</kbd></th><td>{t("key-cover")}</td></tr>
          <tr><th scope="row"><kbd>Ctrl</kbd> <kbd>⏎</kbd></th><td>{t("key-send")}</td></tr>
        </tbody>
      </table>
      <p class="actions">
        <LanguagePick desk={desk} state={state} />
        <button type="button" onClick={ring}>{t("sound-test")}</button>
        {!practising && <button type="button" onClick={() => desk.panel("passphrase")}>{t("change-passphrase")}</button>}
      </p>
      <About />
    </Dialog>
  );
}

export function About(): JSX.Element {
  return (
    <div class="about">
      <h2>{t("about-does")}</h2>
      <ul>{[1, 2, 3, 4].map((n) => <li key={n}>{t(`about-does-${n}`)}</li>)}</ul>
      <h2>{t("about-not")}</h2>
      <ul>{[1, 2, 3, 4].map((n) => <li key={n}>{t(`about-not-${n}`)}</li>)}</ul>
    </div>
  );
}

function PanicPanel({ desk, state }: ViewProps): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (formValue(form, "word").trim().toUpperCase() === "ERASE") void desk.panic();
    else form.reset();
  };
  return (
    <Dialog title={t("panic")} close={() => desk.panel(null)} class="panic">
      <p class="big">{t("panic-says")}</p>
      <form class="row-form" onSubmit={submit}>
        <Field label={t("panic-type")}>
          <input name="word" required autocomplete="off" spellcheck={false} dir="ltr" autofocus />
        </Field>
        <button class="danger">{t("panic-do")}</button>
      </form>
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}

function PostPanel({ desk, state, message }: ViewProps & { message: string }): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const post = formValue(event.currentTarget as HTMLFormElement, "post").trim();
    void stage(desk, message, "passed", post).then((done) => done && desk.panel(null));
  };
  return (
    <Dialog title={t("say-passed")} close={() => desk.panel(null)}>
      <p>{t("passed-says")}</p>
      <form class="row-form" onSubmit={submit}>
        <Field label={t("post")}>
          <input name="post" required maxLength={64} autocomplete="off" dir="auto" autofocus />
        </Field>
        <button class="primary">{t("say-passed")}</button>
      </form>
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}
