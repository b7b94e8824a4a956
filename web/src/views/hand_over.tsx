import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LineOfWatch, Message, WatchSheet } from "../api/types";
import { keepsDrafts } from "../desk_papers";
import { watchSheet } from "../desk_sheets";
import { handOver } from "../desk_watch";
import { inOrder, summaryOf } from "../state/hand_over";
import { lastStage } from "../state/message";
import { t } from "../words/words";
import type { ViewProps } from "./app";
import { blameOf } from "./lines";
import { Notes } from "./notes_panel";
import { Age, Clock, Dialog, Field, formValue, Hostile, Name, Time } from "./parts";
import { Refused } from "./refused";

type Props = ViewProps & { now: number };

/** What the next watch has to know, made by the station; and below it, who it is. */
export function HandOverPanel({ desk, state, now }: Props): JSX.Element {
  const [sheet, set] = useState<WatchSheet | null>(null);
  const make = (): void => void (keepsDrafts(desk) && desk.try(async () => set(await watchSheet(desk))));
  useEffect(make, []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void handOver(desk, formValue(event.currentTarget as HTMLFormElement, "initials")).then((done) => done && desk.panel(null));
  };
  return (
    <Dialog title={t("hand-over-sheet")} close={() => desk.panel(null)} class="wide hand-over">
      {sheet && <Sheet sheet={sheet} now={now} />}
      {sheet && (
        <p class="actions not-printed">
          <button type="button" onClick={() => window.print()}>{t("print")}</button>
          <button type="button" onClick={make}>{t("make-anew")}</button>
        </p>
      )}
      {state.picture.status?.watch.initials != null && (
        <form class="row-form not-printed" onSubmit={submit}>
          <Field label={t("hand-over-to")}>
            <input name="initials" required maxLength={4} pattern="[A-Za-z0-9]{1,4}" autocomplete="off" spellcheck={false} dir="ltr" />
          </Field>
          <button class="primary">{t("hand-over")}</button>
        </form>
      )}
      <Refused desk={desk} state={state} />
    </Dialog>
  );
}

function Sheet({ sheet, now }: { sheet: WatchSheet; now: number }): JSX.Element {
  const { open, notOpen, firstClock } = summaryOf(sheet);
  const { watch } = sheet;
  return (
    <article class="watch-sheet" tabIndex={0} aria-label={t("hand-over-sheet")}>
      <p class="big">{t("as-of")} <Time ms={sheet.at_ms} day /></p>
      <p>
        {watch.initials ? <>{t("has-the-watch", { initials: watch.initials })} {watch.taken_ms !== null && <Time ms={watch.taken_ms} day />}</> : t("unattended")}
        {watch.exercise && <> <b class="mark">{t("mark-EXERCISE")}</b></>}
      </p>
      <p class={open + notOpen.length > 0 ? "needs" : ""}>
        {open === 0 ? t("nothing-open") : t("open-count", { count: open })}
        {firstClock?.acknowledge_by_ms != null && <> · {t("first-clock")} <Time ms={firstClock.acknowledge_by_ms} /></>}
        {notOpen.length > 0 && <> · {t("lines-not-open")} {notOpen.map((name) => <span key={name} class="line-name"><Name text={name} /></span>)}</>}
      </p>
      {sheet.lines.map((of) => <OfLine key={of.line.name} of={of} now={now} />)}
      {sheet.drafts.length > 0 && (
        <section>
          <h3>{t("offered-drafts")}</h3>
          <ul>
            {sheet.drafts.map((d) => (
              <li key={d.id}><Name text={d.line} /> · {t(`precedence-${d.precedence}`)} · {t(`grade-${d.grade}`)} · <b dir="ltr">{d.drafter}</b> <Time ms={d.changed_ms} day /></li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}

function OfLine({ of: { line, open, ledger, notes }, now }: { of: LineOfWatch; now: number }): JSX.Element {
  return (
    <section>
      <h3><Name text={line.name} />: <span class={`state-${line.state}`}><span class="state">{t(`state-${line.state}`)}</span></span> <Age ms={line.age_ms} /></h3>
      {line.state !== "OPEN" && <p>{blameOf(line, line.pairing)}</p>}
      <p class="hands">
        {t("machine")} <Age ms={line.machine_age_ms} /> · {t("watch")} {line.watch.initials ? <b dir="ltr">{line.watch.initials}</b> : t("nobody")}
        {line.watch.answered_age_ms !== null && <> · {t("answered")} <Age ms={line.watch.answered_age_ms} /></>}
        {line.waiting > 0 && <> · {t("sending")} {line.waiting}</>}
      </p>
      <h4>{t("open-items")}</h4>
      {open.length === 0 ? <p>{t("nothing-open")}</p> : <ul class="open-items">{inOrder(open).map((m) => <Item key={m.id} message={m} now={now} />)}</ul>}
      {notes.length > 0 && <><h4>{t("notes")}</h4><Notes notes={notes} /></>}
      {ledger.length > 0 && (
        <>
          <h4>{t("line-history")}</h4>
          <ol class="ledger">{ledger.map((e, i) => <li key={i}><Time ms={e.at_ms} day /> <span lang="en" dir="ltr"><Hostile text={e.what} limit={500} /></span></li>)}</ol>
        </>
      )}
    </section>
  );
}

function Item({ message: m, now }: { message: Message; now: number }): JSX.Element {
  const stage = lastStage(m);
  return (
    <li>
      <b>{t(`direction-${m.direction}`)}</b> <Time ms={m.created_ms} day /> · {m.kind === "drill" ? t("drill") : t(`precedence-${m.precedence}`)}
      {m.kind === "text" && <> · {t(`grade-${m.grade}`)}</>}
      {m.kind === "read-back" && <> · {t("read-back")}</>}
      {m.mark !== "" && <> · {t(`mark-${m.mark}`)}</>}
      {m.file && <> · <bdi><Hostile text={m.file.name} limit={80} /></bdi></>}
      {" · "}{t("bytes", { count: m.bytes })}{stage && <> · {t(`stage-${stage}`)}</>}
      {m.acknowledge_by_ms !== null && (
        <> · {t(m.direction === "in" ? "acknowledge-in" : "they-acknowledge-in")} <Clock by={m.acknowledge_by_ms} now={now} precedence={m.precedence} /> <Time ms={m.acknowledge_by_ms} /></>
      )}
    </li>
  );
}
